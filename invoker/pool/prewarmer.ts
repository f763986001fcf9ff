import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import { Backoff } from './backoff.ts'
import type { Demand } from './demand.ts'
import { desiredCount, expiredStems, orderOf, presentCount, type StemWish, stemKey } from './prewarm.ts'
import type { SlotView } from './slot-view.ts'
import type { PlaceOrder, StemEnd, StemHost } from './stem-order.ts'

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

/** Keeps the stem cells of the manifest (protocol reference 5.5), and follows demand where it says so. */
export class Prewarmer<S extends SlotView> {
  readonly #wishes: readonly StemWish[]
  readonly #times: PrewarmTimes
  readonly #host: Pick<StemHost<S>, 'slots' | 'remove'>
  readonly #order: PlaceOrder
  readonly #clock: Clock
  readonly #log: Log
  readonly #meter: Meter
  readonly #backoff: Backoff
  readonly #targets = new Map<StemWish, number>()
  readonly #coldStarts = new Map<string, number>()
  #cancelCycle: () => void = () => undefined
  #isRunning = false

  constructor(options: {
    readonly wishes: readonly StemWish[]
    readonly times: PrewarmTimes
    readonly host: Pick<StemHost<S>, 'slots' | 'remove'>
    readonly order: PlaceOrder
    readonly clock: Clock
    readonly log: Log
    readonly meter: Meter
  }) {
    this.#wishes = options.wishes
    this.#times = options.times
    this.#host = options.host
    this.#order = options.order
    this.#clock = options.clock
    this.#log = options.log
    this.#meter = options.meter
    this.#backoff = new Backoff({ clock: options.clock, firstMs: options.times.retryMs })
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
    this.#backoff.stop()
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
      const missing = target - presentCount(wish, this.#host.slots)
      for (let made = 0; made < missing && this.#ordered(wish); made += 1);
    }
  }

  #ordered(wish: StemWish): boolean {
    if (!this.#isRunning || this.#backoff.isWaiting) return false
    return this.#order(orderOf(wish), (end) => this.#ended(end))
  }

  #ended(end: StemEnd): void {
    if (end.kind === 'there') this.#backoff.succeeded()
    if (end.kind !== 'failed' || !this.#isRunning) return
    const wait = this.#backoff.failed(() => this.refill())
    if (wait) this.#log.warn('stem cells cannot be made, another try follows', { ...wait, error: end.error })
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
