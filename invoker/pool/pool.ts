import { Fault } from '../faults/fault.ts'
import { Background } from '../lib/background.ts'
import { deferred } from '../lib/deferred.ts'
import { within } from '../lib/within.ts'
import type { Clock } from '../ports/clock.ts'
import type { Meter } from '../ports/meter.ts'
import type { Demand } from './demand.ts'
import type { Job } from './job.ts'
import { JobQueue } from './job-queue.ts'
import type { Lease } from './lease.ts'
import { Parking } from './parking.ts'
import type { Start } from './placement.ts'
import { figuresOf, type PoolFigures, setGauges } from './pool-gauges.ts'
import { type PoolOptions, startWays } from './pool-options.ts'
import { stemWishes } from './prewarm.ts'
import type { Slot } from './slot.ts'
import { SlotLife } from './slot-life.ts'
import { SlotMaker } from './slot-maker.ts'
import { Slots } from './slots.ts'
import { type Started, Starter } from './starter.ts'
import { StemCells } from './stem-cells.ts'
import type { StemHost } from './stem-order.ts'
import { Tenancy } from './tenancy.ts'

const gaugesEveryMs = 10_000

/**
 * The containers of an invoker (protocol reference 5). Gives out leases in the order of the calls: a job that finds no room
 * holds back those behind it. Decisions are in placement.ts, eviction.ts, prewarm.ts, stem-targets.ts and idle.ts; this class
 * joins those that carry them out. Every job is granted or refused once, except those that wait when the pool is closed: they
 * stay unstarted.
 */
export class ContainerPool {
  readonly #slots: Slots
  readonly #queue: JobQueue
  readonly #life: SlotLife
  readonly #starter: Starter
  readonly #tenancy: Tenancy
  readonly #parking: Parking
  readonly #stemCells: StemCells<Slot>
  readonly #background: Background
  readonly #clock: Clock
  readonly #meter: Meter
  #cancelGauges: () => void = () => undefined

  constructor(options: PoolOptions) {
    const { clock, images, log, meter, settings } = options
    const list = options.ways ?? startWays(options)
    this.#clock = clock
    this.#meter = meter
    this.#slots = new Slots(settings.userMemoryMb)
    this.#background = new Background((what, error) => log.warn('background work of the pool failed', { what, error }))
    const shared = { ...options, images, background: this.#background, slots: this.#slots }
    this.#queue = new JobQueue({
      ...shared,
      ways: { list, ...(images && { choose: (demand: Demand) => images.choose(demand) }) },
      host: {
        join: (slot, job) => this.#tenancy.join(slot, job),
        start: (job, start) => this.#start(job, start),
        evict: (slot) => this.#remove(slot, 'its memory is needed'),
        short: () => images?.relieve(),
      },
    })
    this.#life = new SlotLife({
      ...shared,
      events: {
        settled: (slot) => this.#tenancy.settled(slot),
        broken: (slot, why) => this.#broken(slot, why),
        gone: (slot) => this.#gone(slot),
      },
    })
    const { slots } = this.#slots
    const remove = (slot: Slot, why: string) => this.#remove(slot, why)
    this.#parking = new Parking({
      times: settings,
      clock,
      host: { slots, pause: (slot) => this.#life.pause(slot), remove },
    })
    this.#tenancy = new Tenancy({
      ...shared,
      life: this.#life,
      host: {
        rested: (slot) => this.#parking.ready(slot.lastUsedMs),
        paused: () => this.#parking.paused(clock.now()),
        remove,
        requeue: (jobs) => this.#requeue(jobs),
        freed: () => this.#serveWaiting(),
      },
    })
    this.#starter = new Starter({
      ...shared,
      ways: list,
      life: this.#life,
      maker: new SlotMaker(options),
      events: {
        started: (slot, job, way) => this.#started(slot, job, way),
        requeue: (jobs) => this.#requeue(jobs),
      },
    })
    this.#stemCells = new StemCells({
      ...shared,
      wishes: stemWishes(options.manifest),
      times: settings.prewarm,
      host: this.#stemHost(),
    })
  }

  /** Begins to fill up stem cells. */
  start(): void {
    this.#stemCells.start()
    this.#reportFigures()
  }

  /**
   * Gives a container for one activation, as soon as there is one. After one that was not fit, `unfit`, the way in which that
   * was started is not tried again, where there is another.
   * @throws Fault CONTAINER_CREATE, IMAGE_MISSING or KIND_UNAVAILABLE when none can be made, StartAborted when the container
   * that it waited for was not initialised.
   */
  acquire(demand: Demand, unfit?: Pick<Lease, 'nextWay'>): Promise<Lease> {
    const { totalMb } = this.#slots
    if (demand.memoryMb > totalMb) {
      return Promise.reject(
        new Fault('CONTAINER_CREATE', `${demand.memoryMb} MB wanted, ${totalMb} MB are all there is`),
      )
    }
    const { promise, resolve, reject } = deferred<Lease>()
    this.#queue.add({ demand, firstWay: unfit?.nextWay ?? 0, grant: resolve, refuse: reject })
    return promise
  }

  /** What it holds now. */
  figures(): PoolFigures {
    return figuresOf(this.#slots.slots, this.#queue.demands)
  }

  /** Starts nothing more: what waits stays unstarted, what runs goes on. */
  close(): void {
    this.#queue.close()
    this.#tenancy.close()
    this.#parking.stop()
    this.#stemCells.stop()
    this.#cancelGauges()
  }

  /** Destroys every container, busy ones too; their activations see the connection break. */
  async stop(signal: AbortSignal): Promise<void> {
    this.close()
    for (const slot of [...this.#slots.slots]) this.#remove(slot, 'the invoker stops')
    await within(this.#background.idle(), signal)
  }

  #stemHost(): StemHost<Slot> {
    const queue = this.#queue
    const ledger = this.#slots
    return {
      slots: ledger.slots,
      get freeMb() {
        return ledger.freeMb
      },
      get hasWaiting() {
        return !queue.isEmpty
      },
      startStem: (order, onEnd) =>
        this.#starter.startStem(order, (end) => {
          this.#serveWaiting()
          onEnd(end)
        }),
      hold: (slot, memoryMb) => ledger.tryHold(slot, memoryMb),
      remove: (slot, why) => this.#remove(slot, why),
    }
  }

  #start(job: Job, start: Start<Slot>): void {
    this.#starter.start(job, start)
    if (start.offer.kind === 'take') this.#stemCells.refill()
    else if (start.offer.image === undefined) this.#stemCells.coldStarted(job.demand)
  }

  #started(slot: Slot, job: Job, way: Started): void {
    this.#tenancy.started(slot, job, way)
    // Stem cells of images are not made while images are restored for jobs.
    if (slot.image !== undefined) this.#stemCells.refill()
  }

  /** Something ended: serves who waits, and once nobody does, stem cells may have what is left. */
  #serveWaiting(): void {
    if (this.#queue.isEmpty) return
    this.#queue.serve()
    if (this.#queue.isEmpty) this.#stemCells.refill()
  }

  #broken(slot: Slot, why: string): void {
    // Where a lease is out, or one is about to be, its holder sees the broken connection and releases it.
    if (slot.phase === 'starting' || slot.phase === 'busy' || slot.phase === 'draining') return
    if (slot.phase === 'initialising') this.#life.disconnect(slot)
    else this.#remove(slot, why)
  }

  #remove(slot: Slot, why: string): void {
    const waiting = slot.dismissWaiting()
    this.#life.remove(slot, why)
    this.#requeue(waiting)
  }

  #requeue(jobs: readonly Job[]): void {
    if (jobs.length === 0) return
    this.#queue.putBack(jobs)
    this.#serveWaiting()
  }

  #gone(slot: Slot): void {
    this.#slots.drop(slot)
    this.#serveWaiting()
    this.#stemCells.refill()
  }

  #reportFigures(): void {
    setGauges(this.#meter, this.figures())
    this.#cancelGauges = this.#clock.after(gaugesEveryMs, () => this.#reportFigures())
  }
}
