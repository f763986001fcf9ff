import { isFault } from '../../faults/fault.ts'
import { Background } from '../../lib/background.ts'
import { Serial } from '../../lib/serial.ts'
import { within } from '../../lib/within.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Catalog } from './catalog.ts'
import { type BuildOf, type CatalogEntry, entryId, merged } from './entries.ts'

/** What {@link Records} work with. */
export interface RecordsOptions {
  readonly catalog: Catalog
  readonly clock: Clock
  readonly log: Log
  /** Runtime builds of which to know everything. */
  builds(): readonly BuildOf[]
  /** Something that is in the database: from others, or from a run before. */
  onEntry(entry: CatalogEntry): void
}

/** How often to look for what others wrote, and to write what could not be written. */
const everyMs = 10_000
/** Clocks of the writers may differ by this much. */
const skewMs = 60_000
/** Entries to read at most at once, and to keep while the database is away. */
const most = 20_000
const sorts = ['residency', 'image', 'profile'] as const

/**
 * What an invoker writes down of images, and what it hears of others. Nothing here throws or is waited for: while the database is
 * away or broken, what is to be written is kept and what is known stays.
 */
export class Records {
  readonly #options: RecordsOptions
  readonly #background: Background
  readonly #turns = new Serial()
  readonly #pending = new Map<string, CatalogEntry>()
  readonly #heard = new Map<string, number>()
  #cancel: (() => void) | undefined
  #isPrepared = false
  #isAway = false
  #isStopped = false

  constructor(options: RecordsOptions) {
    this.#options = options
    this.#background = new Background((what, error) => options.log.error(`cannot ${what}`, { error }))
  }

  /** Begins to listen. Resolves when the first look has ended, well or not. */
  async start(): Promise<void> {
    await this.#turns.run(() => this.#round())
  }

  /** Has an entry written, soon. Of two with one id that wait, both are written, merged. */
  save(entry: CatalogEntry): void {
    const id = entryId(entry)
    this.#pending.set(id, merged(this.#pending.get(id), entry))
    for (const oldest of this.#pending.keys()) {
      if (this.#pending.size <= most) break
      this.#pending.delete(oldest)
    }
    if (!this.#isAway) this.#inTurn('write about images', () => this.#attempt(() => this.#flush()))
  }

  /**
   * Removes an image from the database, with all that was to be written of it.
   * @throws what the store throws
   */
  forget(image: string): Promise<void> {
    return this.#turns.run(async () => {
      for (const [id, entry] of this.#pending) if (imageOf(entry) === image) this.#pending.delete(id)
      await this.#options.catalog.forget(image)
    })
  }

  /** Has what was last written before this removed from the database, in the background. */
  forgetUnused(beforeMs: number): void {
    const work = () => this.#options.catalog.removeUnused(beforeMs)
    this.#inTurn('remove what nobody uses', () => this.#attempt(work))
  }

  /** Has everything of a runtime build read that was not read yet, before the next look. */
  listen(): void {
    this.#inTurn('read about images', () => this.#attempt(() => this.#hear()))
  }

  /** Writes what waits, if that goes well, and ends. */
  async stop(signal: AbortSignal): Promise<void> {
    this.#isStopped = true
    this.#cancel?.()
    this.#inTurn('write about images', () => this.#attempt(() => this.#flush()))
    await within(this.#background.idle(), signal)
  }

  /** One after the other, in the background. */
  #inTurn(what: string, work: () => Promise<void>): void {
    this.#background.run(what, this.#turns.run(work))
  }

  async #round(): Promise<void> {
    await this.#attempt(async () => {
      await this.#flush()
      await this.#hear()
    })
    if (this.#isStopped) return
    this.#cancel = this.#options.clock.after(everyMs, () => this.#inTurn('read about images', () => this.#round()))
  }

  /** Does what needs the database, and says once when it is away and once when it is back. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      if (!this.#isPrepared) await this.#options.catalog.prepare()
      this.#isPrepared = true
      await work()
      if (this.#isAway) this.#options.log.info('database of images is back')
      this.#isAway = false
    } catch (error) {
      // Whoever removed the database, or its views, has it made again.
      if (!isFault(error, 'STORE_UNAVAILABLE')) this.#isPrepared = false
      if (!this.#isAway) this.#options.log.warn('database of images unavailable: images go on from memory', { error })
      this.#isAway = true
    }
  }

  async #flush(): Promise<void> {
    for (const [id, entry] of this.#pending) {
      await this.#options.catalog.save(entry)
      // What came while it was written waits for the next turn.
      if (this.#pending.get(id) === entry) this.#pending.delete(id)
    }
  }

  async #hear(): Promise<void> {
    for (const build of this.#options.builds()) for (const sort of sorts) await this.#hearOf(build, sort)
  }

  async #hearOf(build: BuildOf, sort: (typeof sorts)[number]): Promise<void> {
    const key = `${sort} ${build.kind} ${build.runtimeBuild}`
    const heard = this.#heard.get(key)
    const sinceMs = heard === undefined ? 0 : heard - skewMs
    const entries = await this.#options.catalog.updated(sort, { ...build, sinceMs, most })
    for (const entry of entries.toReversed()) this.#options.onEntry(entry)
    this.#heard.set(key, Math.max(heard ?? 0, ...entries.slice(0, 1).map((entry) => entry.updatedMs)))
  }
}

/** Which image an entry is about; undefined: about none. */
function imageOf(entry: CatalogEntry): string | undefined {
  if (entry.type === 'residency') return entry.image
  return entry.type === 'image' ? entry.recipe.id : undefined
}
