import CircuitBreaker from 'opossum'
import { type FaultCode, faults } from '../../faults/catalogue.ts'
import { Fault, isFault } from '../../faults/fault.ts'
import type { Meter } from '../../ports/meter.ts'

/** A breaker around one outside thing. `fault` is what callers get while it is open: the same as when the thing cannot be reached. */
export interface BreakerOptions {
  /** Names the thing in metrics and messages: `couchdb`, say. */
  readonly name: string
  readonly fault: FaultCode
  readonly meter: Meter
  /** How long it stays open before one call may try. */
  readonly resetMs?: number
  /** Of the calls of the last 10 s, at least this many, more than half must have failed. */
  readonly minCalls?: number
}

/** The gauge `circuit_breaker_state`, by name of the breaker. */
const states = { closed: 0, halfOpen: 1, open: 2 } as const

/**
 * Answers at once where an outside thing has failed again and again, instead of letting every caller wait for its timeouts. Only
 * failures of the thing count: platform's fault, and such as may pass. A conflict or a refused document is an answer like any other.
 * Timeouts are the business of what is called.
 */
export class Breaker {
  readonly #options: BreakerOptions
  readonly #circuit: CircuitBreaker<[work: () => Promise<unknown>], unknown>

  constructor(options: BreakerOptions) {
    this.#options = options
    this.#circuit = new CircuitBreaker((work: () => Promise<unknown>) => work(), {
      name: options.name,
      timeout: false,
      resetTimeout: options.resetMs ?? 5000,
      volumeThreshold: options.minCalls ?? 5,
      errorThresholdPercentage: 50,
      // True: no failure of the thing.
      errorFilter: (error: unknown) => !isFailureOfThing(error),
    })
    this.#show('closed')
    this.#circuit.on('open', () => this.#show('open'))
    this.#circuit.on('halfOpen', () => this.#show('halfOpen'))
    this.#circuit.on('close', () => this.#show('closed'))
  }

  /** Whether calls are answered at once. */
  get isOpen(): boolean {
    return this.#circuit.opened
  }

  /** Calls the thing. @throws what `work` throws, or the configured fault while the breaker is open. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      // The circuit gives back what `work` gave.
      return (await this.#circuit.fire(work)) as T
    } catch (error) {
      if (!(error instanceof Error) || Reflect.get(error, 'code') !== 'EOPENBREAKER') throw error
      const { name, fault } = this.#options
      throw new Fault(fault, `"${name}" has failed again and again and is left alone for a while`, {
        facts: { breaker: name, wasSent: false },
      })
    }
  }

  /** Ends its timers. Calls fail after it. */
  stop(): Promise<void> {
    this.#circuit.shutdown()
    return Promise.resolve()
  }

  #show(state: keyof typeof states): void {
    this.#options.meter.gauge('circuit_breaker_state', states[state], { name: this.#options.name })
  }
}

function isFailureOfThing(error: unknown): boolean {
  return isFault(error) && error.isRetryable && faults[error.code].blame === 'platform'
}
