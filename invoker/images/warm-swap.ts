import type { ExecutableAction } from '../domain/action.ts'
import { Fault } from '../faults/fault.ts'
import { Background } from '../lib/background.ts'
import { within } from '../lib/within.ts'
import type { Container, ContainerSpec } from '../ports/containers.ts'
import type { BuildRequest, ImageAdmin, ImageAdvice, ImageDetails, ImageSummary } from '../ports/image-admin.ts'
import type { BuildProgress } from '../ports/image-engine.ts'
import type { ImageDemand, Images, ImportLearner, RecordedImports, StemTarget } from '../ports/images.ts'
import type { Wanted } from './build/planner.ts'
import { remembered } from './build/remembered.ts'
import { Rounds } from './rounds.ts'
import type { Resident } from './shelf/resident.ts'
import type { Departure } from './shelf/shelf.ts'
import { type CatalogEntry, type ImageEntry, liveKey, type ProfileEntry, withoutSize } from './store/entries.ts'
import type { WarmSwapOptions } from './warm-swap-options.ts'
import { joinWarmSwap, type WarmSwapParts } from './warm-swap-parts.ts'

/** How often what is live is looked at: whether its packages are as they were, and what it takes; uses are written down, and what nobody uses is removed. */
const everyMs = { check: 3000, measure: 20_000, write: 10_000, think: 30_000, tidy: 3_600_000 } as const
/** An action that starts without an image although it imports packages has the stock looked at within this time. */
const missMs = 1000
/** Starts and reports that are kept until the runtime builds are read; it takes a second or two. */
const earlyMost = 2000

/**
 * Dependency images of one invoker: what the pool chooses from and restores, what the activation pipeline teaches, and what an
 * operator sees. Nothing here fails an activation: what goes wrong is a slower start.
 */
export class WarmSwap implements Images, ImportLearner, ImageAdmin {
  readonly #options: WarmSwapOptions
  readonly #parts: WarmSwapParts
  readonly #rounds: Rounds
  readonly #background: Background
  /** What waits for the runtime builds to be read; undefined from then on. */
  #early: (() => void)[] | undefined = []
  #isStopped = false

  constructor(options: WarmSwapOptions) {
    this.#options = options
    this.#background = new Background((what, error) => options.log.error(`cannot ${what}`, { error }))
    this.#rounds = new Rounds(options)
    this.#parts = joinWarmSwap(options, {
      heard: (entry) => this.#heard(entry),
      learned: (entry) => this.#learned(entry),
      shelfChanged: () => this.#shelfChanged(),
      departed: (resident, departure, why) => this.#departed(resident, departure, why),
      buildChanged: () => this.#buildChanged(),
      stale: (resident) => this.#stale(resident),
      otherBuild: (kind) => this.#background.run('read a runtime build', this.#parts.builds.refresh(kind)),
    })
  }

  /**
   * Begins, in the background: finds out which engines work here, reads runtime builds and the database, and has base images,
   * pinned ones and those of the last run built.
   */
  start(): void {
    this.#background.run('begin with images', this.#begin())
  }

  /** Builds no more, writes down what is live, and gives it back. The engines are stopped by who made them. */
  async stop(signal: AbortSignal): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    const { builder, stock, stems, shelf, restorer, residencies, records } = this.#parts
    stems.stop()
    // It hears that this is the end before its build does, which then fails.
    const stocked = stock.stop(signal)
    builder.stop()
    await this.#rounds.stop(signal)
    await stocked
    // What is live now is what the next run begins with.
    residencies.flush()
    await records.stop(signal)
    await shelf.stop(signal)
    await restorer.stop(signal)
    await within(this.#background.idle(), signal)
  }

  choose(demand: ImageDemand): string | undefined {
    return this.#parts.chooser.choose(demand)?.keyFor(demand.memoryMb)
  }

  async restore(key: string, spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
    const { shelf, restorer, meter } = this.#parts
    const resident = shelf.get(withoutSize(key))
    if (resident !== undefined) return restorer.restore(resident, spec, signal)
    meter.fellBack('gone')
    throw new Fault('IMAGE_RESTORE', `"${key}" is not live any more`)
  }

  stems(): readonly StemTarget[] {
    return this.#parts.stems.targets
  }

  onStems(listener: () => void): () => void {
    return this.#parts.stems.listen(listener)
  }

  started(demand: ImageDemand, way: string): void {
    if (way === 'warm') return
    const nowMs = this.#options.clock.now()
    this.#whenRead(() => this.#noteStart(demand, { way, nowMs }))
  }

  #noteStart(demand: ImageDemand, { way, nowMs }: { readonly way: string; readonly nowMs: number }): void {
    const { knowledge, loads, chooser, stems, stock, meter, retention } = this.#parts
    const { kind } = demand.action.exec
    if (knowledge.inventory(kind) === undefined) return
    loads.note({ kind, scanned: knowledge.scan(demand.action), namespace: demand.namespace }, nowMs)
    chooser.choose(demand)?.noteStart(demand.memoryMb, nowMs)
    stems.soon()
    const profile = knowledge.profileOf(demand.action)
    if (profile !== undefined) retention.used({ type: 'profile', profile, updatedMs: nowMs })
    const isHit = way === 'restored' || way === 'warm-stem-cell'
    const isNeeded = (knowledge.want(demand.action)?.imports.length ?? 0) > 0
    meter.started(isHit ? 'hit' : isNeeded ? 'miss' : 'none')
    if (!isHit) stock.soon(missMs)
  }

  relieve(): void {
    this.#parts.shelf.relieve()
  }

  isUnknown(action: ExecutableAction, image?: string): boolean {
    if (!this.#options.settings.isLearning) return false
    return this.#early !== undefined || this.#parts.learner.isUnknown(action, image)
  }

  learn(demand: ImageDemand, recorded: RecordedImports): void {
    this.#whenRead(() => this.#parts.learner.learn(demand, recorded))
  }

  list(): Promise<readonly ImageSummary[]> {
    return this.#parts.board.list()
  }

  show(id: string): Promise<ImageDetails> {
    return this.#parts.board.show(id)
  }

  build(request: BuildRequest, onProgress: (progress: BuildProgress) => void): Promise<ImageDetails> {
    return this.#parts.board.build(request, onProgress)
  }

  remove(id: string): Promise<ImageSummary> {
    return this.#parts.board.remove(id)
  }

  advise(): Promise<ImageAdvice> {
    return this.#parts.board.advise()
  }

  /** The first functions may come before it is known what can be imported: what they tell is not lost, but kept until then. */
  #whenRead(work: () => void): void {
    if (this.#early === undefined) work()
    else if (this.#early.length < earlyMost) this.#early.push(work)
  }

  #haveRead(): void {
    const early = this.#early ?? []
    this.#early = undefined
    for (const work of early) work()
  }

  async #begin(): Promise<void> {
    const { engines, builds, residencies, stock, shelf } = this.#parts
    this.#rounds.start([
      { name: 'check live images', everyMs: everyMs.check, work: () => this.#check() },
      { name: 'measure live images', everyMs: everyMs.measure, work: () => shelf.measure() },
      { name: 'think over what is live', everyMs: everyMs.think, work: async () => stock.soon() },
      { name: 'remove what nobody uses', everyMs: everyMs.tidy, work: async () => this.#tidy() },
      { name: 'write uses of images down', everyMs: everyMs.write, work: async () => residencies.flush() },
    ])
    const before = this.#lastRun()
    const keep = async () => {
      for (const wanted of await before) stock.keep(wanted)
    }
    try {
      await engines.probe(async () => {
        await builds.refreshAll()
        stock.soon(0)
        // The database may be slow to answer; what is built without it does not wait.
        this.#background.run('keep images of the last run', keep())
      })
    } finally {
      this.#haveRead()
    }
  }

  /** What was live when the last run ended; where the database is away, the load tells what is needed. */
  async #lastRun(): Promise<readonly Wanted[]> {
    const { records, catalog, residencies, knowledge } = this.#parts
    await records.start()
    const mine = await catalog.residenciesOf(this.#options.invoker).catch(() => [])
    // A database that is slow to answer tells of this run too: what came and went meanwhile is not to be kept.
    const before = mine.filter(({ image, namespace }) => residencies.get(liveKey(image, namespace)) === undefined)
    residencies.takeOver(mine)
    const images = await Promise.all(before.map(({ image }) => knowledge.image(image) ?? this.#imageOf(image)))
    return remembered(before, images)
  }

  /** Of another runtime build than the present one, perhaps. */
  async #imageOf(id: string): Promise<ImageEntry | undefined> {
    return this.#parts.catalog.image(id).catch(() => undefined)
  }

  /** Drops images whose packages have changed on disk: they are built anew of what is there now. */
  async #check(): Promise<void> {
    const { shelf, restorer } = this.#parts
    for (const resident of shelf.all()) if (!(await restorer.isCurrent(resident))) this.#stale(resident)
  }

  #tidy(): void {
    const { shelf, knowledge, retention } = this.#parts
    retention.round(shelf.all().flatMap(({ image }) => knowledge.image(image.recipe.id) ?? []))
  }

  #stale({ key, image }: Resident): void {
    const { shelf, builds } = this.#parts
    shelf.drop(key, 'stale', 'its packages have changed on disk')
    this.#background.run('read a runtime build', builds.refresh(image.recipe.identity.kind))
  }

  #heard(entry: CatalogEntry): void {
    const { knowledge, stock } = this.#parts
    // What is of this invoker is known better here.
    if (entry.type === 'residency' && entry.invoker === this.#options.invoker && entry.state !== 'unsuitable') return
    const { version } = knowledge
    knowledge.add(entry)
    if (knowledge.version !== version) stock.soon()
  }

  #learned(entry: ProfileEntry): void {
    const { knowledge, records, stock } = this.#parts
    knowledge.add(entry)
    records.save(entry)
    stock.soon()
  }

  #buildChanged(): void {
    this.#parts.records.listen()
    this.#parts.stock.soon()
  }

  #shelfChanged(): void {
    const { chooser, stems, shelf, meter } = this.#parts
    chooser.changed()
    stems.soon()
    meter.live(shelf.all().length, shelf.bytes)
  }

  #departed(resident: Resident, departure: Departure, why: string): void {
    const { stock, restorer, residencies, meter } = this.#parts
    const { key, namespace, image } = resident
    const { recipe } = image
    restorer.forget(resident)
    meter.departed(departure)
    stock.departed(resident, departure)
    const { kind, engine } = recipe.identity
    const level = departure === 'ended' || departure === 'broken' || departure === 'stale' ? 'warn' : 'info'
    this.#options.log[level]('dependency image dropped', { image: recipe.id, kind, engine, cause: departure, why })
    // A residency that says "live" at the end is what the next run begins with.
    if (departure === 'stopped' || departure === 'replaced') return
    residencies.note({ key, namespace, recipe }, { state: 'evicted', reason: why })
  }
}
