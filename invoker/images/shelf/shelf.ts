import { LRUCache } from 'lru-cache'
import type { TimedImport } from '../../domain/dependency-image.ts'
import { MiB } from '../../domain/size.ts'
import { Background } from '../../lib/background.ts'
import { within } from '../../lib/within.ts'
import type { Clock } from '../../ports/clock.ts'
import type { LiveImage } from '../../ports/image-engine.ts'
import type { Log } from '../../ports/log.ts'
import { chooseEvictions, type ShelfView } from './eviction.ts'
import { Resident } from './resident.ts'

/** Why an image left the shelf. */
export type Departure =
  | 'budget'
  | 'pressure'
  | 'covered'
  | 'stale'
  | 'ended'
  | 'broken'
  | 'replaced'
  | 'removed'
  | 'stopped'

/** What a {@link Shelf} works with. */
export interface ShelfOptions {
  readonly budgetBytes: number
  readonly clock: Clock
  readonly log: Log
  /** An image came, or its measured size changed. */
  onChange(): void
  /** An image left; for `ended`, `why` is what the engine says. */
  onDeparture(resident: Resident, departure: Departure, why: string): void
}

/** Imports that an image lacks are worth building it again from so many ms on. */
const worthMs = 20
/** Under pressure, an image that was used within this time stays. */
const inUseMs = 60_000
/** Images that pressure drops follow each other at this distance: their memory is free only then. */
const pressureEveryMs = 1000

/** The live images of this invoker, within a budget of memory. Their sizes are measured. */
export class Shelf {
  readonly #options: ShelfOptions
  readonly #residents = new Map<string, Resident>()
  readonly #background: Background
  readonly #measured = new LRUCache<string, number>({ max: 5000 })
  #relievedMs = Number.NEGATIVE_INFINITY

  constructor(options: ShelfOptions) {
    this.#options = options
    this.#background = new Background((what, error) => options.log.error(`cannot ${what}`, { error }))
  }

  /** What an image takes, or took when it was live last; undefined: it never was. */
  bytesOf(id: string): number | undefined {
    return this.#measured.get(id)
  }

  /** What all take. */
  get bytes(): number {
    return this.all().reduce((sum, { residentBytes }) => sum + residentBytes, 0)
  }

  get budgetBytes(): number {
    return this.#options.budgetBytes
  }

  get(key: string): Resident | undefined {
    return this.#residents.get(key)
  }

  all(): readonly Resident[] {
    return [...this.#residents.values()]
  }

  /** Whether an image, by its id, is live and has loaded all of these. */
  holds(id: string, imports: readonly TimedImport[]): boolean {
    const resident = this.all().find(({ image }) => image.recipe.id === id)
    return resident !== undefined && imports.every(({ module }) => resident.view.loaded.has(module))
  }

  /** Whether the image of a key is live, and does not have to be built again for these. */
  holdsAll(key: string, imports: readonly TimedImport[]): boolean {
    const resident = this.#residents.get(key)
    return resident !== undefined && resident.missingMs(imports) < worthMs
  }

  /** Puts an image on the shelf, in the place of one of its key; others make room for it. Its end takes it off again. */
  async add(
    image: LiveImage,
    of: { readonly namespace: string; readonly isPinned: boolean; readonly savedSecondsPerDay: number },
  ): Promise<Resident> {
    const { clock } = this.#options
    const residentBytes = await this.#sizeOf(image)
    const resident = new Resident({ ...of, image, residentBytes, nowMs: clock.now() })
    resident.savedSecondsPerDay = of.savedSecondsPerDay
    const before = this.#residents.get(resident.key)
    if (before !== undefined) this.#depart(before, 'replaced', 'a fuller one was built')
    this.#residents.set(resident.key, resident)
    this.#background.run('watch an image', this.#watch(resident))
    this.#options.onChange()
    this.#makeRoom()
    return resident
  }

  /** Takes an image off the shelf, at once; it ends when no restore is under way. */
  drop(key: string, departure: Departure, why: string): void {
    const resident = this.#residents.get(key)
    if (resident === undefined) return
    this.#residents.delete(key)
    this.#depart(resident, departure, why)
  }

  /** Drops one image that nobody has needed for a while, if there is one. */
  relieve(): void {
    const nowMs = this.#options.clock.now()
    if (nowMs - this.#relievedMs < pressureEveryMs) return
    const idle = this.all().filter(({ lastUsedMs }) => nowMs - lastUsedMs >= inUseMs)
    if (idle.length === 0) return
    this.#relievedMs = nowMs
    const total = idle.reduce((sum, { residentBytes }) => sum + residentBytes, 0)
    const need = { budgetBytes: Math.max(0, total - 1), isPressed: true }
    this.#evict(idle, { ...need, departure: 'pressure', why: 'activations wait for memory', most: 1 })
  }

  /** Measures what every image takes now, and makes room where they have grown. */
  async measure(): Promise<void> {
    for (const resident of this.all()) resident.residentBytes = await this.#sizeOf(resident.image)
    this.#options.onChange()
    this.#makeRoom()
  }

  /** Ends every image. */
  async stop(signal: AbortSignal): Promise<void> {
    for (const { key } of this.all()) this.drop(key, 'stopped', 'the invoker stops')
    await within(this.#background.idle(), signal)
  }

  #makeRoom(): void {
    const { budgetBytes } = this.#options
    const why = `live images have ${Math.round(budgetBytes / MiB)} MB`
    this.#evict(this.all(), { budgetBytes, isPressed: false, departure: 'budget', why })
  }

  #evict(
    residents: readonly Resident[],
    need: {
      readonly budgetBytes: number
      readonly isPressed: boolean
      readonly departure: Departure
      readonly why: string
      readonly most?: number
    },
  ): void {
    const views: readonly ShelfView[] = residents.map(({ shelfView }) => shelfView)
    const { budgetBytes, isPressed, departure, why } = need
    const keys = chooseEvictions(views, { nowMs: this.#options.clock.now(), budgetBytes, isPressed })
    for (const key of keys.slice(0, need.most ?? keys.length)) this.drop(key, departure, why)
  }

  #depart(resident: Resident, departure: Departure, why: string): void {
    this.#background.run('end an image', resident.retire())
    this.#options.onDeparture(resident, departure, why)
    this.#options.onChange()
  }

  /** What an image takes; where that cannot be measured, what it was when it was built. */
  async #sizeOf(image: LiveImage): Promise<number> {
    // It may have just ended, and is then taken off the shelf.
    const bytes = await image.residentBytes().catch(() => image.sizes.anonymousBytes)
    this.#measured.set(image.recipe.id, bytes)
    return bytes
  }

  async #watch(resident: Resident): Promise<void> {
    const why = await resident.image.ended
    if (this.#residents.get(resident.key) === resident) this.drop(resident.key, 'ended', why)
  }
}
