import { isJsonObject, type Json } from '../domain/json.ts'
import { isTooDeep } from '../domain/json-depth.ts'
import { type ActivationResponse, status } from '../domain/response.ts'
import type { Exchange } from '../ports/action-client.ts'
import { applicationError, developerError } from './responses.ts'
import { texts } from './texts.ts'

/** What an exchange with a runtime means. */
export type Verdict =
  /** /init was accepted. */
  | { readonly kind: 'accepted' }
  /** The container is not fit: the activation runs elsewhere. */
  | { readonly kind: 'reschedule' }
  | { readonly kind: 'answered'; readonly response: ActivationResponse; readonly isTimeout: boolean }

/** What a verdict depends on besides the exchange. */
export interface Circumstances {
  readonly timeoutMs: number
  /** Whether the activation may still be run elsewhere. */
  readonly mayReschedule: boolean
  /** Whether the container served before: then a refused connection says nothing about the action. */
  readonly isReused: boolean
  /** Whether there is another way to start a container: a runtime that was there before may have ended unseen. */
  readonly canStartOtherwise: boolean
  readonly isOutOfMemory: boolean
}

type Answered = Extract<Exchange, { readonly kind: 'answered' }>

/** Whether the kernel should be asked if the container ran out of memory (6.3): the connection broke within the time. */
export function suggestsOutOfMemory(exchange: Exchange, timeoutMs: number): boolean {
  return exchange.kind === 'no-response' && !isOverTime(exchange, timeoutMs)
}

/** Judges /init (protocol reference 6.4): a complete 200 counts even when it came late. */
export function classifyInit(exchange: Exchange, at: Circumstances): Verdict {
  if (isShuttingDown(exchange) && at.mayReschedule) return { kind: 'reschedule' }
  if (exchange.kind === 'answered' && exchange.statusCode === 200) return { kind: 'accepted' }
  if (isOverTime(exchange, at.timeoutMs)) return timedOut(texts.timeoutInit(at.timeoutMs))
  // Nobody took the code: it did not run.
  if (exchange.kind === 'refused' && at.canStartOtherwise && at.mayReschedule) return { kind: 'reschedule' }
  switch (exchange.kind) {
    case 'answered':
      return answered(refusedInit(exchange.body))
    case 'truncated':
      return answered(developerError(truncatedText(exchange), exchange.length))
    case 'timeout':
    case 'refused':
    case 'no-response':
      return answered(developerError(at.isOutOfMemory ? texts.memoryExhausted : texts.abnormalInit))
    default:
      return exchange satisfies never
  }
}

/** Judges /run (6.4): the elapsed time comes first, even where a valid answer arrived. */
export function classifyRun(exchange: Exchange, at: Circumstances): Verdict {
  if (at.mayReschedule && (isShuttingDown(exchange) || (exchange.kind === 'refused' && at.isReused))) {
    return { kind: 'reschedule' }
  }
  if (isOverTime(exchange, at.timeoutMs)) return timedOut(texts.timeoutRun(at.timeoutMs))
  switch (exchange.kind) {
    case 'answered':
      return answered(ranTo(exchange))
    case 'truncated':
      return answered(applicationError(truncatedText(exchange), exchange.length))
    case 'timeout':
    case 'refused':
    case 'no-response':
      return answered(developerError(at.isOutOfMemory ? texts.memoryExhausted : texts.abnormalRun))
    default:
      return exchange satisfies never
  }
}

/** A runtime that ends answers 503. */
function isShuttingDown(exchange: Exchange): boolean {
  return exchange.kind === 'answered' && exchange.statusCode === 503
}

function isOverTime(exchange: Exchange, timeoutMs: number): boolean {
  return exchange.kind === 'timeout' || exchange.elapsedMs >= timeoutMs
}

function refusedInit(body: string): ActivationResponse {
  const json = parse(body)
  // An error that is null is an error.
  const error = isJsonObject(json) && json.error !== undefined ? json.error : texts.invalidInit(body)
  return developerError(error, body.length)
}

function ranTo({ statusCode, body }: Answered): ActivationResponse {
  const result = parse(body)
  const size = body.length
  if (isJsonObject(result) && result.error !== undefined) {
    const { error } = result
    return statusCode === 200 ? applicationError(error, size) : developerError(error, size)
  }
  const isStructure = isJsonObject(result) || Array.isArray(result)
  return statusCode === 200 && isStructure
    ? { statusCode: status.success, result, size }
    : developerError(texts.invalidRun(body), size)
}

/** The JSON value of a body, undefined for what is none, or nests deeper than OpenWhisk's parser goes. */
function parse(body: string): Json | undefined {
  try {
    const json = JSON.parse(body) as Json
    return isTooDeep(body) ? undefined : json
  } catch {
    // What the action answered is quoted to its developer.
    return undefined
  }
}

function truncatedText({ length, maxBytes, body }: Extract<Exchange, { readonly kind: 'truncated' }>): string {
  return texts.truncated(length, maxBytes, body)
}

function answered(response: ActivationResponse): Verdict {
  return { kind: 'answered', response, isTimeout: false }
}

function timedOut(text: string): Verdict {
  return { kind: 'answered', response: developerError(text), isTimeout: true }
}
