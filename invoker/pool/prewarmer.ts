import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { Demand } from './demand.ts'
import { desiredCount, expiredStems, presentCount, type StemWish, stemKey } from './prewarm.ts'
import type { SlotView } from './slot-view.ts'

/** When the stem cells are looked over (protocol reference 4.3). */
export interface PrewarmTimes {
  readonly checkInitDelayMs: number
  readonly checkIntervalMs: number
  readonly checkVarianceMs: number
  /** At most this many expire in one cycle. */
  readonly expirationLimit: number
  /** At most this many are made at once. */
  readonly parallel: number
  /** Wait after a failure, doubled with each one that follows. */
  readonly retryMs: number
}

/** What the prewarmer needs of the pool. */
export interface StemHost<S extends SlotView> {
  readonly slots: readonly S[]
  /** Whether jobs wait for memory: no stem cell may take it from them. */
  readonly hasWaiting: boolean
  /** Starts a stem cell; false when it does not fit. `onEnd` tells whether it came to be. */
  startStem(wish: StemWish, onEnd: (isThere: boolean) => void): boolean
  remove(slot: S, why: string): void
}

const longestRetryMs = 5 * 60_000

/** Keeps stem cells (protocol reference 5.5): fills up in the background, bounded, and follows demand where the manifest says so. */
export class Prewarmer<S extends SlotView> {
  readonly #wishes: readonly StemWish[]
  readonly #times: PrewarmTimes
  readonly #host: StemHost<S>
  readonly #clock: Clock
  readonly #log: Log
  readonly #meter: Meter
  readonly #targets = new Map<StemWish, number>()
  readonly #coldStarts = new Map<string, number>()
  #making = 0
  #failures = 0
  #cancelCycle: () => void = () => undefined
  #cancelRetry: (() => void) | undefined
  #isRunning = false

  constructor(options: {
    readonly wishes: readonly StemWish[]
    readonly times: PrewarmTimes
    readonly host: StemHost<S>
    readonly clock: Clock
    readonly log: Log
    readonly meter: Meter
  }) {
    this.#wishes = options.wishes
    this.#times = options.times
    this.#host = options.host
    this.#clock = options.clock
    this.#log = options.log
    this.#meter = options.meter
    for (const wish of options.wishes) this.#targets.set(wish, wish.cell.initialCount)
  }

  /** Begins to fill up. */
  start(): void {
    this.#isRunning = true
    this.refill()
    if (!this.#wishes.some(({ cell }) => cell.reactive)) return
    const { checkInitDelayMs, checkVarianceMs } = this.#times
    this.#cycleAfter(checkInitDelayMs + Math.floor(Math.random() * checkVarianceMs))
  }

  stop(): void {
    this.#isRunning = false
    this.#cancelCycle()
    this.#cancelRetry?.()
  }

  /** An action found neither a warm container nor a stem cell. */
  coldStarted(demand: Demand): void {
    const key = stemKey(demand)
    this.#coldStarts.set(key, (this.#coldStarts.get(key) ?? 0) + 1)
    if (this.#wishes.some((wish) => stemKey(wish) === key)) {
      this.#meter.count('counter_containerPool_prewarmColdstart_counter_total')
    }
  }

  /** Starts what is missing, as far as memory and the bound on parallel work allow. */
  refill(): void {
    for (const wish of this.#wishes) {
      const target = this.#targets.get(wish) ?? 0
      for (let missing = target - presentCount(wish, this.#host.slots); missing > 0; missing -= 1) {
        if (!this.#mayStart() || !this.#start(wish)) break
      }
    }
  }

  #mayStart(): boolean {
    return this.#isRunning && this.#making < this.#times.parallel && !this.#cancelRetry && !this.#host.hasWaiting
  }

  #start(wish: StemWish): boolean {
    this.#making += 1
    const fits = this.#host.startStem(wish, (isThere) => {
      this.#making -= 1
      if (isThere) this.#failures = 0
      else this.#retryLater()
      this.refill()
    })
    if (!fits) this.#making -= 1
    return fits
  }

  #retryLater(): void {
    if (!this.#isRunning || this.#cancelRetry) return
    const waitMs = Math.min(this.#times.retryMs * 2 ** this.#failures, longestRetryMs)
    this.#failures += 1
    this.#log.warn('stem cells cannot be made, another try follows', { waitMs, failures: this.#failures })
    this.#cancelRetry = this.#clock.after(waitMs, () => {
      this.#cancelRetry = undefined
      this.refill()
    })
  }

  #cycleAfter(ms: number): void {
    this.#cancelCycle = this.#clock.after(ms, () => {
      this.#cycle()
      this.#cycleAfter(this.#times.checkIntervalMs)
    })
  }

  #cycle(): void {
    for (const wish of this.#wishes) {
      this.#targets.set(wish, desiredCount(wish.cell, this.#coldStarts.get(stemKey(wish)) ?? 0))
    }
    this.#coldStarts.clear()
    for (const slot of expiredStems(this.#host.slots, this.#clock.now(), this.#times.expirationLimit)) {
      this.#meter.count('counter_containerPool_prewarmExpired_counter_total')
      this.#host.remove(slot, 'its time to live has passed')
    }
    this.refill()
  }
}
