import type { Background } from '../lib/background.ts'
import type { Container, ContainerFactory } from '../ports/containers.ts'
import type { Images } from '../ports/images.ts'
import type { Job } from './job.ts'
import type { Start } from './placement.ts'
import type { Slot } from './slot.ts'
import type { SlotLife } from './slot-life.ts'
import type { SlotMaker } from './slot-maker.ts'
import type { Slots } from './slots.ts'
import type { Create, StartWay } from './start-ways.ts'
import type { StemEnd, StemOrder } from './stem-order.ts'

/** How a container was started: the name of the way, and which way comes after it, if any. */
export interface Started {
  readonly name: string
  readonly nextWay: number | undefined
}

/** What the pool hears of starts. */
export interface StartEvents {
  /** The container is there for `job`, which must initialise it. */
  started(slot: Slot, job: Job, way: Started): void
  /** These jobs are to be placed anew, before all others. */
  requeue(jobs: readonly Job[]): void
}

/** Starts containers for jobs, by the ways that placement chose, and stem cells. */
export class Starter {
  readonly #ways: readonly StartWay[]
  readonly #factory: ContainerFactory
  readonly #images: Pick<Images, 'restore'> | undefined
  readonly #slots: Slots
  readonly #life: SlotLife
  readonly #maker: SlotMaker
  readonly #background: Background
  readonly #events: StartEvents

  constructor(options: {
    readonly ways: readonly StartWay[]
    readonly factory: ContainerFactory
    readonly images: Pick<Images, 'restore'> | undefined
    readonly slots: Slots
    readonly life: SlotLife
    readonly maker: SlotMaker
    readonly background: Background
    readonly events: StartEvents
  }) {
    this.#ways = options.ways
    this.#factory = options.factory
    this.#images = options.images
    this.#slots = options.slots
    this.#life = options.life
    this.#maker = options.maker
    this.#background = options.background
    this.#events = options.events
  }

  /** Starts a container for `job`. Failures lead to the next way, after the last one to the refusal of all who wait for it. */
  start(job: Job, { way, index, offer }: Start<Slot>): void {
    if (offer.kind === 'create') {
      const slot = this.#maker.forDemand(job.demand, offer.image)
      this.#slots.add(slot)
      slot.await(job)
      this.#background.run('start a container', this.#create(slot, { way, index, create: offer.create }))
      return
    }
    const { slot } = offer
    this.#slots.hold(slot, job.demand.memoryMb)
    slot.belongTo(job.demand)
    slot.await(job)
    slot.enter('initialising')
    if (way.ready) this.#background.run('ready a stem cell', this.#ready(slot, way, index))
    else this.#started(slot, way, index)
  }

  /** Starts a stem cell; false when its memory is not free. */
  startStem(order: StemOrder, onEnd: (end: StemEnd) => void): boolean {
    if (this.#slots.freeMb < order.heldMb) return false
    const slot = this.#maker.forStem(order)
    this.#slots.add(slot)
    this.#background.run('start a stem cell', this.#createStem(slot, { image: order.image, onEnd }))
    return true
  }

  async #create(
    slot: Slot,
    { way, index, create }: { readonly way: StartWay; readonly index: number; readonly create: Create },
  ): Promise<void> {
    try {
      await this.#life.fill(slot, (signal) => create(slot.spec, signal))
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
    this.#started(slot, way, index)
  }

  /** `onEnd` hears at once, before anything that follows from the removal of a slot. */
  async #createStem(
    slot: Slot,
    { image, onEnd }: { readonly image: string | undefined; readonly onEnd: (end: StemEnd) => void },
  ): Promise<void> {
    try {
      await this.#life.fill(slot, (signal) => this.#makeStem(slot, { image, signal }))
    } catch (error) {
      // Removed meanwhile: the failure is our own doing.
      const end: StemEnd = slot.phase === 'starting' ? { kind: 'failed', error } : { kind: 'removed' }
      if (end.kind === 'failed') this.#life.remove(slot, 'it could not be made')
      onEnd(end)
      return
    }
    if (slot.phase === 'starting') slot.enter('stem')
    onEnd({ kind: slot.phase === 'stem' ? 'there' : 'removed' })
  }

  #makeStem(
    { spec }: Slot,
    { image, signal }: { readonly image: string | undefined; readonly signal: AbortSignal },
  ): Promise<Container> {
    if (image === undefined || !this.#images) return this.#factory.create(spec, signal)
    return this.#images.restore(image, spec, signal)
  }

  #started(slot: Slot, { name }: StartWay, index: number): void {
    if (slot.phase !== 'initialising') return
    const job = slot.takeFirstWaiting()
    const nextWay = index + 1 < this.#ways.length ? index + 1 : undefined
    if (job) this.#events.started(slot, job, { name, nextWay })
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
