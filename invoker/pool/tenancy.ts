import type { Background } from '../lib/background.ts'
import type { Clock } from '../ports/clock.ts'
import type { Images } from '../ports/images.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import { type Job, StartAborted } from './job.ts'
import { type Errand, Lease, type LeaseHost, type Release } from './lease.ts'
import type { Slot } from './slot.ts'
import type { SlotLife } from './slot-life.ts'
import type { Started } from './starter.ts'

/** What the pool does when a slot changes hands. */
export interface TenancyHost {
  /** Nothing runs in it any more, and it may be used again. */
  rested(slot: Slot): void
  paused(slot: Slot): void
  remove(slot: Slot, why: string): void
  /** These jobs are to be placed anew, before all others. */
  requeue(jobs: readonly Job[]): void
  /** Memory or a container may be free for those who wait. */
  freed(): void
}

/** Who has which container: gives out leases, takes them back, and runs errands in between. */
export class Tenancy implements LeaseHost<Slot> {
  readonly #life: SlotLife
  readonly #images: Pick<Images, 'started'> | undefined
  readonly #background: Background
  readonly #clock: Clock
  readonly #log: Log
  readonly #meter: Meter
  readonly #host: TenancyHost
  #isClosed = false

  constructor(options: {
    readonly life: SlotLife
    readonly images: Pick<Images, 'started'> | undefined
    readonly background: Background
    readonly clock: Clock
    readonly log: Log
    readonly meter: Meter
    readonly host: TenancyHost
  }) {
    this.#life = options.life
    this.#images = options.images
    this.#background = options.background
    this.#clock = options.clock
    this.#log = options.log
    this.#meter = options.meter
    this.#host = options.host
  }

  /** A job takes a container of its action, at once or as soon as it can. */
  join(slot: Slot, job: Job): void {
    if (slot.phase === 'ready' || slot.phase === 'busy') {
      slot.activeCount += 1
      if (slot.phase === 'ready') slot.enter('busy')
      this.#grant(slot, job, { start: 'warm', mustInit: false })
      return
    }
    slot.await(job)
    if (slot.phase === 'paused') this.#life.resume(slot)
  }

  /** A container is there for the job that it was started for. */
  started(slot: Slot, job: Job, { name, nextWay }: Started): void {
    this.#log.info('container started', { container: slot.spec.name, way: name })
    const restored = slot.made().container.restored
    if (restored) {
      const { image, engine } = restored
      this.#meter.count('counter_invoker_imageStart_counter_total', { containerState: name, image, engine })
    }
    this.#grant(slot, job, { start: name, mustInit: true, nextWay })
  }

  /** Called by a lease. */
  initialised(slot: Slot): void {
    if (slot.phase !== 'initialising') return
    slot.enter('busy')
    this.#grantWaiting(slot)
  }

  /** Called by a lease. */
  released(slot: Slot, release: Release): void {
    slot.activeCount -= 1
    slot.lastUsedMs = this.#clock.now()
    if (!this.#isClosed) slot.keepErrand(release.errand)
    if (!release.keep) this.#condemn(slot, release)
    else if (slot.activeCount === 0) this.#rest(slot)
    this.#host.freed()
  }

  /** A container was frozen, or thawed for those who wait for it. */
  settled(slot: Slot): void {
    if (slot.phase === 'resuming') {
      slot.enter('busy')
      this.#grantWaiting(slot)
      return
    }
    slot.enter('paused')
    if (slot.firstWaiting) this.#life.resume(slot)
    else this.#host.paused(slot)
  }

  /** Runs no errands any more. */
  close(): void {
    this.#isClosed = true
  }

  #grantWaiting(slot: Slot): void {
    for (const job of slot.takeWaiting()) this.#grant(slot, job, { start: 'warm', mustInit: false })
  }

  #grant(
    slot: Slot,
    job: Job,
    how: { readonly start: string; readonly mustInit: boolean; readonly nextWay?: number | undefined },
  ): void {
    this.#meter.count('counter_invoker_containerStart_counter_total', { containerState: how.start })
    job.grant(new Lease(slot, { ...how, host: this }))
    this.#images?.started(job.demand, how.start)
  }

  #rest(slot: Slot): void {
    if (slot.phase !== 'busy') this.#host.remove(slot, 'an activation failed in it')
    else if (slot.endedBy !== undefined) this.#host.remove(slot, slot.endedBy)
    else {
      const errand = slot.takeErrand()
      if (errand) this.#runErrand(slot, errand)
      else {
        slot.enter('ready')
        this.#host.rested(slot)
      }
    }
  }

  #runErrand(slot: Slot, errand: Errand): void {
    slot.enter('settling')
    this.#background.run(
      'run an errand in a container',
      errand().finally(() => this.#errandEnded(slot)),
    )
  }

  #errandEnded(slot: Slot): void {
    // It was evicted meanwhile, or its runtime ended.
    if (slot.phase !== 'settling') return
    if (slot.firstWaiting) {
      slot.enter('busy')
      this.#grantWaiting(slot)
      return
    }
    slot.enter('ready')
    this.#host.rested(slot)
  }

  #condemn(slot: Slot, { failure }: Extract<Release, { readonly keep: false }>): void {
    const waiting = slot.dismissWaiting()
    // It takes no job any more before those who waited are placed anew.
    if (slot.activeCount === 0) this.#life.retire(slot, 'an activation failed in it')
    else if (slot.phase === 'busy') slot.enter('draining')
    if (failure) for (const job of waiting) job.refuse(new StartAborted(failure))
    else this.#host.requeue(waiting)
  }
}
