import { Fault } from '../faults/fault.ts'
import { Background } from '../lib/background.ts'
import { deferred } from '../lib/deferred.ts'
import { within } from '../lib/within.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { Demand } from './demand.ts'
import { type Job, StartAborted } from './job.ts'
import { Lease, type LeaseHost, type Release } from './lease.ts'
import { Parking } from './parking.ts'
import { place } from './placement.ts'
import { figuresOf, type PoolFigures, setGauges } from './pool-gauges.ts'
import type { PoolOptions } from './pool-options.ts'
import { stemWishes } from './prewarm.ts'
import { Prewarmer } from './prewarmer.ts'
import type { Slot } from './slot.ts'
import { SlotLife } from './slot-life.ts'
import { SlotMaker } from './slot-maker.ts'
import { Slots } from './slots.ts'
import { cold, prewarmed, type StartWay } from './start-ways.ts'
import { Starter } from './starter.ts'

const gaugesEveryMs = 10_000

/**
 * The containers of an invoker (protocol reference 5). Gives out leases in the order of the calls: a job that finds no room
 * holds back those behind it. Decisions are in placement.ts, prewarm.ts and idle.ts; this class carries them out. Every job
 * is granted or refused once, except those that wait when the pool is closed: they stay unstarted.
 */
export class ContainerPool implements LeaseHost<Slot> {
  readonly #slots: Slots
  readonly #buffer: Job[] = []
  readonly #ways: readonly StartWay[]
  readonly #life: SlotLife
  readonly #starter: Starter
  readonly #parking: Parking
  readonly #prewarmer: Prewarmer<Slot>
  readonly #background: Background
  readonly #clock: Clock
  readonly #log: Log
  readonly #meter: Meter
  #isClosed = false
  #cancelGauges: () => void = () => undefined

  constructor(options: PoolOptions) {
    const { factory, client, clock, log, meter, settings } = options
    this.#ways = options.ways ?? [prewarmed(factory), cold(factory)]
    this.#clock = clock
    this.#log = log
    this.#meter = meter
    this.#slots = new Slots(settings.userMemoryMb)
    this.#background = new Background((what, error) => log.warn('background work of the pool failed', { what, error }))
    const shared = { background: this.#background, log, clock, meter }
    this.#life = new SlotLife({
      ...shared,
      client,
      events: {
        settled: (slot) => this.#settled(slot),
        broken: (slot, why) => this.#broken(slot, why),
        gone: (slot) => this.#gone(slot),
      },
    })
    this.#starter = new Starter({
      ...shared,
      ways: this.#ways,
      slots: this.#slots,
      life: this.#life,
      maker: new SlotMaker(options),
      events: {
        started: (slot, job, way) => this.#started(slot, job, way),
        requeue: (jobs) => this.#requeue(jobs),
      },
    })
    this.#parking = new Parking({
      times: settings,
      clock,
      host: {
        slots: this.#slots.slots,
        pause: (slot) => this.#life.pause(slot),
        remove: (slot, why) => this.#remove(slot, why),
      },
    })
    const buffer = this.#buffer
    this.#prewarmer = new Prewarmer({
      ...shared,
      wishes: stemWishes(options.manifest),
      times: settings.prewarm,
      host: {
        slots: this.#slots.slots,
        get hasWaiting() {
          return buffer.length > 0
        },
        startStem: (wish, onEnd) =>
          this.#starter.startStem(wish, (isThere) => {
            this.#serveWaiting()
            onEnd(isThere)
          }),
        remove: (slot, why) => this.#remove(slot, why),
      },
    })
  }

  /** Begins to fill up stem cells. */
  start(): void {
    this.#prewarmer.start()
    this.#reportFigures()
  }

  /**
   * Gives a container for one activation, as soon as there is one.
   * @throws Fault CONTAINER_CREATE, IMAGE_MISSING or KIND_UNAVAILABLE when none can be made, StartAborted when the container
   * that it waited for was not initialised.
   */
  acquire(demand: Demand): Promise<Lease> {
    const { totalMb } = this.#slots
    if (demand.memoryMb > totalMb) {
      return Promise.reject(
        new Fault('CONTAINER_CREATE', `${demand.memoryMb} MB wanted, ${totalMb} MB are all there is`),
      )
    }
    const { promise, resolve, reject } = deferred<Lease>()
    this.#buffer.push({ demand, firstWay: 0, grant: resolve, refuse: reject })
    this.#serve()
    return promise
  }

  /** What it holds now. */
  figures(): PoolFigures {
    return figuresOf(
      this.#slots.slots,
      this.#buffer.map(({ demand }) => demand),
    )
  }

  /** Starts nothing more: what waits stays unstarted, what runs goes on. */
  close(): void {
    this.#isClosed = true
    this.#parking.stop()
    this.#prewarmer.stop()
    this.#cancelGauges()
  }

  /** Destroys every container, busy ones too; their activations see the connection break. */
  async stop(signal: AbortSignal): Promise<void> {
    this.close()
    for (const slot of [...this.#slots.slots]) this.#remove(slot, 'the invoker stops')
    await within(this.#background.idle(), signal)
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
    if (!release.keep) this.#condemn(slot, release)
    else if (slot.activeCount === 0) this.#rest(slot)
    this.#serveWaiting()
  }

  #serve(): void {
    while (!this.#isClosed) {
      const job = this.#buffer.shift()
      if (!job) return
      if (!this.#placed(job)) {
        this.#buffer.unshift(job)
        return
      }
    }
  }

  /** Something ended: serves who waits, and once nobody does, stem cells may have what is left. */
  #serveWaiting(): void {
    if (this.#buffer.length === 0) return
    this.#serve()
    if (this.#buffer.length === 0) this.#prewarmer.refill()
  }

  #placed(job: Job): boolean {
    const placement = place(job.demand, this.#slots, { list: this.#ways, from: job.firstWay })
    switch (placement.kind) {
      case 'reuse':
        this.#join(placement.slot, job)
        return true
      case 'start':
        this.#starter.start(job, placement)
        if (placement.offer.kind === 'create') this.#prewarmer.coldStarted(job.demand)
        else this.#prewarmer.refill()
        return true
      case 'evict':
        for (const slot of placement.slots) this.#remove(slot, 'its memory is needed')
        return false
      case 'wait':
        this.#meter.count('counter_containerPool_rescheduledActivation_counter_total')
        return false
      default:
        return placement satisfies never
    }
  }

  #join(slot: Slot, job: Job): void {
    if (slot.phase === 'ready' || slot.phase === 'busy') {
      slot.activeCount += 1
      if (slot.phase === 'ready') slot.enter('busy')
      this.#grant(slot, job, { start: 'warm', mustInit: false })
      return
    }
    slot.await(job)
    if (slot.phase === 'paused') this.#life.resume(slot)
  }

  #started(slot: Slot, job: Job, way: StartWay): void {
    this.#log.info('container started', { container: slot.spec.name, way: way.name })
    this.#grant(slot, job, { start: way.name, mustInit: true })
  }

  #grantWaiting(slot: Slot): void {
    for (const job of slot.takeWaiting()) this.#grant(slot, job, { start: 'warm', mustInit: false })
  }

  #grant(slot: Slot, job: Job, how: { readonly start: string; readonly mustInit: boolean }): void {
    this.#meter.count('counter_invoker_containerStart_counter_total', { containerState: how.start })
    job.grant(new Lease(slot, { ...how, host: this }))
  }

  #rest(slot: Slot): void {
    if (slot.phase !== 'busy') this.#remove(slot, 'an activation failed in it')
    else if (slot.endedBy !== undefined) this.#remove(slot, slot.endedBy)
    else {
      slot.enter('ready')
      this.#parking.ready(slot.lastUsedMs)
    }
  }

  #condemn(slot: Slot, { failure }: Extract<Release, { readonly keep: false }>): void {
    const waiting = slot.dismissWaiting()
    // It takes no job any more before those who waited are placed anew.
    if (slot.activeCount === 0) this.#remove(slot, 'an activation failed in it')
    else if (slot.phase === 'busy') slot.enter('draining')
    if (failure) for (const job of waiting) job.refuse(new StartAborted(failure))
    else this.#requeue(waiting)
  }

  #settled(slot: Slot): void {
    if (slot.phase === 'resuming') {
      slot.enter('busy')
      this.#grantWaiting(slot)
      return
    }
    slot.enter('paused')
    if (slot.firstWaiting) this.#life.resume(slot)
    else this.#parking.paused(this.#clock.now())
  }

  #broken(slot: Slot, why: string): void {
    // Where a lease is out, or one is about to be, its holder sees the broken connection and releases it.
    if (
      slot.phase === 'starting' ||
      slot.phase === 'initialising' ||
      slot.phase === 'busy' ||
      slot.phase === 'draining'
    )
      return
    this.#remove(slot, why)
  }

  #remove(slot: Slot, why: string): void {
    if (slot.phase === 'removing' || slot.phase === 'gone') return
    const waiting = slot.dismissWaiting()
    this.#life.remove(slot, why)
    this.#requeue(waiting)
  }

  #requeue(jobs: readonly Job[]): void {
    if (jobs.length === 0) return
    this.#buffer.unshift(...jobs)
    this.#serveWaiting()
  }

  #gone(slot: Slot): void {
    this.#slots.drop(slot)
    this.#serveWaiting()
    this.#prewarmer.refill()
  }

  #reportFigures(): void {
    setGauges(this.#meter, this.figures())
    this.#cancelGauges = this.#clock.after(gaugesEveryMs, () => this.#reportFigures())
  }
}
