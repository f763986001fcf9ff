import type { Meter } from '../ports/meter.ts'
import type { Demand } from './demand.ts'
import type { Job } from './job.ts'
import { type Placement, place, type Start, type WaysToStart } from './placement.ts'
import type { Slot } from './slot.ts'
import type { Slots } from './slots.ts'

/** What the pool does for a job that has its place. */
export interface QueueHost {
  join(slot: Slot, job: Job): void
  start(job: Job, start: Start<Slot>): void
  evict(slot: Slot): void
  /** A job must wait, and what is being removed already will not do; said once for each. */
  short(): void
}

/** Jobs that have no container. They are placed in the order of their calls: one that finds no room holds back those behind it. */
export class JobQueue {
  readonly #slots: Slots
  readonly #ways: WaysToStart
  readonly #meter: Meter
  readonly #host: QueueHost
  readonly #jobs: Job[] = []
  #isClosed = false
  #lastShort: Job | undefined

  constructor(options: {
    readonly slots: Slots
    readonly ways: WaysToStart
    readonly meter: Meter
    readonly host: QueueHost
  }) {
    this.#slots = options.slots
    this.#ways = options.ways
    this.#meter = options.meter
    this.#host = options.host
  }

  get isEmpty(): boolean {
    return this.#jobs.length === 0
  }

  /** What those who wait demand. */
  get demands(): readonly Demand[] {
    return this.#jobs.map(({ demand }) => demand)
  }

  add(job: Job): void {
    this.#jobs.push(job)
    this.serve()
  }

  /** Puts jobs back before all others; `serve` places them. */
  putBack(jobs: readonly Job[]): void {
    this.#jobs.unshift(...jobs)
  }

  /** Places as many as there is room for. */
  serve(): void {
    while (!this.#isClosed) {
      const job = this.#jobs.shift()
      if (!job) return
      if (!this.#placed(job)) {
        this.#jobs.unshift(job)
        return
      }
    }
  }

  /** Places nothing more: what waits stays unstarted. */
  close(): void {
    this.#isClosed = true
  }

  #placed(job: Job): boolean {
    const placement: Placement<Slot> = place(job, this.#slots, this.#ways)
    switch (placement.kind) {
      case 'reuse':
        this.#host.join(placement.slot, job)
        return true
      case 'start':
        this.#host.start(job, placement)
        return true
      case 'evict':
        for (const slot of placement.slots) this.#host.evict(slot)
        return false
      case 'wait':
        this.#meter.count('counter_containerPool_rescheduledActivation_counter_total')
        if (placement.shortByMb > 0 && job !== this.#lastShort) {
          this.#lastShort = job
          this.#host.short()
        }
        return false
      default:
        return placement satisfies never
    }
  }
}
