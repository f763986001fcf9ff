import type { Background } from '../lib/background.ts'
import type { Job } from './job.ts'
import type { Placement } from './placement.ts'
import type { StemWish } from './prewarm.ts'
import type { Slot } from './slot.ts'
import type { SlotLife } from './slot-life.ts'
import type { SlotMaker } from './slot-maker.ts'
import type { Slots } from './slots.ts'
import type { StartWay } from './start-ways.ts'

/** What the pool hears of starts. */
export interface StartEvents {
  /** The container is there for `job`, which must initialise it. */
  started(slot: Slot, job: Job, way: StartWay): void
  /** These jobs are to be placed anew, before all others. */
  requeue(jobs: readonly Job[]): void
}

/** Starts containers for jobs, by the ways that placement chose, and stem cells. */
export class Starter {
  readonly #ways: readonly StartWay[]
  readonly #slots: Slots
  readonly #life: SlotLife
  readonly #maker: SlotMaker
  readonly #background: Background
  readonly #events: StartEvents

  constructor(options: {
    readonly ways: readonly StartWay[]
    readonly slots: Slots
    readonly life: SlotLife
    readonly maker: SlotMaker
    readonly background: Background
    readonly events: StartEvents
  }) {
    this.#ways = options.ways
    this.#slots = options.slots
    this.#life = options.life
    this.#maker = options.maker
    this.#background = options.background
    this.#events = options.events
  }

  /** Starts a container for `job`. Failures lead to the next way, after the last one to the refusal of all who wait for it. */
  start(job: Job, { way, index, offer }: Extract<Placement<Slot>, { readonly kind: 'start' }>): void {
    if (offer.kind === 'create') {
      const slot = this.#maker.forDemand(job.demand)
      this.#slots.add(slot)
      slot.await(job)
      this.#background.run('start a container', this.#create(slot, way, index))
      return
    }
    const { slot } = offer
    slot.belongTo(job.demand)
    slot.await(job)
    slot.enter('initialising')
    if (way.ready) this.#background.run('ready a stem cell', this.#ready(slot, way, index))
    else this.#started(slot, way)
  }

  /** Starts a stem cell; false when its memory is not free. `onEnd` tells whether it came to be. */
  startStem(wish: StemWish, onEnd: (isThere: boolean) => void): boolean {
    if (this.#slots.freeMb < wish.memoryMb) return false
    const slot = this.#maker.forStem(wish)
    this.#slots.add(slot)
    this.#background.run('start a stem cell', this.#createStem(slot, onEnd))
    return true
  }

  async #create(slot: Slot, way: StartWay, index: number): Promise<void> {
    try {
      await this.#life.fill(slot, (signal) => way.create(slot.spec, signal))
      if (slot.phase !== 'starting') return
      slot.enter('initialising')
    } catch (error) {
      this.#failed(slot, index, error)
      return
    }
    await this.#ready(slot, way, index)
  }

  async #ready(slot: Slot, way: StartWay, index: number): Promise<void> {
    const demand = slot.firstWaiting?.demand
    try {
      if (demand) await way.ready?.(slot.made().container, demand, slot.abort.signal)
    } catch (error) {
      this.#failed(slot, index, error)
      return
    }
    this.#started(slot, way)
  }

  async #createStem(slot: Slot, onEnd: (isThere: boolean) => void): Promise<void> {
    // Every kind of container is made the same way; the last of the list makes it from nothing.
    const way = this.#ways.at(-1)
    try {
      if (way) await this.#life.fill(slot, (signal) => way.create(slot.spec, signal))
    } catch (error) {
      // Removed meanwhile: the failure is our own doing.
      if (slot.phase !== 'starting') {
        onEnd(false)
        return
      }
      this.#life.remove(slot, 'it could not be made')
      onEnd(false)
      throw error
    }
    if (slot.phase === 'starting') slot.enter('stem')
    onEnd(slot.phase === 'stem')
  }

  #started(slot: Slot, way: StartWay): void {
    if (slot.phase !== 'initialising') return
    const job = slot.takeFirstWaiting()
    if (job) this.#events.started(slot, job, way)
  }

  #failed(slot: Slot, index: number, error: unknown): void {
    // When the pool removes a slot meanwhile, it has seen to the jobs already.
    if (slot.phase === 'removing' || slot.phase === 'gone') return
    const jobs = slot.dismissWaiting()
    this.#life.remove(slot, 'it could not be started')
    if (index + 1 < this.#ways.length) this.#events.requeue(jobs.map((job) => ({ ...job, firstWay: index + 1 })))
    else for (const job of jobs) job.refuse(error)
  }
}
