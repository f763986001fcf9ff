import type { Clock } from '../ports/clock.ts'
import { dueOf, type IdleTimes } from './idle.ts'
import type { Slot } from './slot.ts'

/** What parking does to slots. */
export interface ParkingHost {
  readonly slots: readonly Slot[]
  pause(slot: Slot): void
  remove(slot: Slot, why: string): void
}

/** Pauses and removes idle containers in time, with one timer for all of them: an activation on a warm container sets none. */
export class Parking {
  readonly #times: IdleTimes
  readonly #clock: Clock
  readonly #host: ParkingHost
  #cancel: () => void = () => undefined
  #lookAtMs = Infinity

  constructor(options: { readonly times: IdleTimes; readonly clock: Clock; readonly host: ParkingHost }) {
    this.#times = options.times
    this.#clock = options.clock
    this.#host = options.host
  }

  /** A container became ready: look again when its grace is over, unless a look is due before. */
  ready(nowMs: number): void {
    this.#lookAfter(this.#times.pauseGraceMs, nowMs)
  }

  /** A container was paused. */
  paused(nowMs: number): void {
    this.#lookAfter(this.#times.idleContainerMs, nowMs)
  }

  stop(): void {
    this.#cancel()
    this.#lookAtMs = -Infinity
  }

  #lookAfter(ms: number, nowMs: number): void {
    if (nowMs + ms >= this.#lookAtMs) return
    this.#cancel()
    this.#lookAtMs = nowMs + ms
    this.#cancel = this.#clock.after(ms, () => this.#look())
  }

  #look(): void {
    this.#lookAtMs = Infinity
    const nowMs = this.#clock.now()
    const due = dueOf(this.#host.slots, nowMs, this.#times)
    for (const slot of due.pause) this.#host.pause(slot)
    for (const slot of due.remove) this.#host.remove(slot, 'nobody used it for the keep-alive time')
    if (due.nextMs !== undefined) this.#lookAfter(due.nextMs, nowMs)
  }
}
