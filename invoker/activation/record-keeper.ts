import type { WhiskActivation } from '../domain/activation.ts'
import { isRetryable } from '../faults/fault.ts'
import { deferred } from '../lib/deferred.ts'
import { type RetryPolicy, retry } from '../lib/retry.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'

/** Where records go; store/activations.ts is one. A record that is there already counts as stored. */
export interface ActivationSink {
  store(record: WhiskActivation): Promise<void>
}

const policy: RetryPolicy = { tries: 3, firstDelayMs: 200, maxDelayMs: 2_000 }
/** How long an activation waits for its record. */
const patienceMs = 1_000
const againAfterMs = 5_000
const mostKept = 1_000

/**
 * Stores records. One that the store does not take for now, or not soon, is kept and tried again in the background, so that an
 * outage holds back no activation; beyond a bound only the journal has them, until the next start.
 */
export class RecordKeeper {
  readonly #sink: ActivationSink
  readonly #clock: Clock
  readonly #log: Log
  readonly #meter: Meter
  readonly #onStored: (record: WhiskActivation) => void
  readonly #kept: WhiskActivation[] = []
  #cancel: (() => void) | undefined
  /** Records that are still being stored and that nobody waits for any more. */
  #late = 0
  #isStopped = false

  /** `onStored` hears of records that were stored late. */
  constructor(options: {
    readonly sink: ActivationSink
    readonly clock: Clock
    readonly log: Log
    readonly meter: Meter
    readonly onStored: (record: WhiskActivation) => void
  }) {
    this.#sink = options.sink
    this.#clock = options.clock
    this.#log = options.log
    this.#meter = options.meter
    this.#onStored = options.onStored
  }

  /** Whether the record was stored. False: it is kept, and may be stored later. Never throws. */
  async store(record: WhiskActivation): Promise<boolean> {
    const storing = this.#store(record)
    // So many are a store that falls behind: from here on it sets the pace.
    if (this.#late >= mostKept) return storing
    const tooLong = deferred<'late'>()
    const cancel = this.#clock.after(patienceMs, () => tooLong.resolve('late'))
    const first = await Promise.race([storing, tooLong.promise])
    cancel()
    if (first !== 'late') return first
    this.#late += 1
    storing.then(
      (isStored) => this.#ended(record, isStored),
      // It never rejects.
      () => undefined,
    )
    return false
  }

  #ended(record: WhiskActivation, isStored: boolean): void {
    this.#late -= 1
    if (isStored && !this.#isStopped) this.#onStored(record)
  }

  async #store(record: WhiskActivation): Promise<boolean> {
    try {
      await retry(() => this.#sink.store(record), { policy, isRetryable })
      return true
    } catch (error) {
      this.#meter.count('counter_invoker_activationUnstored_counter_total')
      this.#log.error('activation record cannot be stored', { activationId: record.activationId, error })
      if (isRetryable(error)) this.#keep(record)
      return false
    }
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel?.()
    this.#cancel = () => undefined
  }

  #keep(record: WhiskActivation): void {
    if (this.#kept.length < mostKept) this.#kept.push(record)
    this.#cancel ??= this.#clock.after(againAfterMs, () => this.#again())
  }

  #again(): void {
    const record = this.#kept[0]
    const trying = record ? this.#sink.store(record) : Promise.resolve()
    trying.then(
      () => {
        this.#kept.shift()
        if (record) this.#onStored(record)
        this.#cancel = undefined
        if (this.#kept.length > 0) this.#again()
      },
      () => {
        // Said once, when the record was first refused.
        if (this.#cancel) this.#cancel = this.#clock.after(againAfterMs, () => this.#again())
      },
    )
  }
}
