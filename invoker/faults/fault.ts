import { type FaultCode, faults } from './catalogue.ts'

/** Facts about a failure, for the log. Never a secret. */
export type FaultFacts = Readonly<Record<string, string | number | boolean>>

/** A failure from the catalogue. The message is the catalogue's sentence and, after a colon, the detail. */
export class Fault extends Error {
  readonly code: FaultCode
  readonly facts: FaultFacts

  constructor(
    code: FaultCode,
    detail: string,
    options: { readonly facts?: FaultFacts; readonly cause?: unknown } = {},
  ) {
    super(`${faults[code].text}: ${detail}`, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.facts = options.facts ?? {}
  }

  /** Whether trying again may help. */
  get isRetryable(): boolean {
    return faults[this.code].retryable
  }
}

/** Whether `error` is a fault, of the given code if one is given. */
export function isFault(error: unknown, code?: FaultCode): error is Fault {
  return error instanceof Fault && (code === undefined || error.code === code)
}

/** Whether trying again may help; errors that are no faults are not retried. */
export function isRetryable(error: unknown): boolean {
  return error instanceof Fault && error.isRetryable
}
