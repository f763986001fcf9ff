import type { EngineName, TimedImport } from '../../domain/dependency-image.ts'
import { MiB } from '../../domain/size.ts'
import type { LiveImage } from '../../ports/image-engine.ts'
import type { LiveView } from '../choose/choice.ts'
import { Arrivals } from '../stems/arrivals.ts'
import { liveKey, sizedKey } from '../store/entries.ts'
import type { ShelfView } from './eviction.ts'

/** What restoring takes before it was measured, by engine. */
export const expectedRestoreMs: Readonly<Record<EngineName, number>> = { fork: 15, criu: 200 }
/** What a copy takes while it waits, before it was measured. */
const expectedCopyBytes = 2 * MiB

/** A live image on the shelf, and what it has done there. */
export class Resident {
  readonly key: string
  readonly namespace: string
  readonly image: LiveImage
  readonly builtMs: number
  readonly #arrivals = new Map<number, Arrivals>()
  isPinned: boolean
  /** Seconds a day that it saves, by the last plan. */
  savedSecondsPerDay = 0
  residentBytes: number
  lastUsedMs: number
  restores = 0
  /** Failures since the last restore that went well. */
  failures = 0
  /** When its packages were last seen to be as they were. */
  checkedMs: number
  #restoreMs: number
  #restoring = 0
  #retirement: Promise<void> | undefined
  #lastRestoreEnded: () => void = () => undefined
  readonly #view: Omit<LiveView, 'residentBytes' | 'restoreMs'>

  constructor({
    image,
    ...of
  }: {
    readonly image: LiveImage
    readonly namespace: string
    readonly isPinned: boolean
    readonly residentBytes: number
    readonly nowMs: number
  }) {
    const { id, identity } = image.recipe
    this.key = liveKey(id, of.namespace)
    this.namespace = of.namespace
    this.image = image
    this.isPinned = of.isPinned
    this.residentBytes = of.residentBytes
    this.builtMs = of.nowMs
    this.lastUsedMs = of.nowMs
    this.checkedMs = of.nowMs
    this.#restoreMs = expectedRestoreMs[identity.engine]
    const loaded = image.loaded ?? image.imports.map(({ module }) => module)
    this.#view = {
      key: this.key,
      kind: identity.kind,
      runtimeBuild: identity.runtimeBuild,
      distributions: timesOf(image),
      loaded: new Set(loaded),
    }
  }

  /** What restoring takes, as measured lately. */
  get restoreMs(): number {
    return this.#restoreMs
  }

  /** What a copy takes while it waits. */
  get copyBytes(): number {
    const { copyBytes, recipe, sizes } = this.image
    return copyBytes ?? (recipe.identity.engine === 'fork' ? expectedCopyBytes : sizes.anonymousBytes)
  }

  /** Whether its copies fit one memory size only, each of which has a key of its own. */
  get isSized(): boolean {
    return this.image.fits !== undefined
  }

  /** The key for an action of so much memory; undefined: there is no copy of that size now. */
  keyFor(memoryMb: number): string | undefined {
    if (this.image.fits === undefined) return this.key
    return this.image.fits(memoryMb) ? sizedKey(this.key, memoryMb) : undefined
  }

  /** A cold start came that it serves. */
  noteStart(memoryMb: number, nowMs: number): void {
    const size = this.isSized ? memoryMb : 0
    const arrivals = this.#arrivals.get(size) ?? new Arrivals()
    arrivals.note(nowMs)
    this.#arrivals.set(size, arrivals)
  }

  /** The starts of each memory size; of all, under 0, where one size does for all. */
  starts(): readonly (readonly [memoryMb: number, arrivals: Arrivals])[] {
    return this.#arrivals.size === 0 ? [[0, new Arrivals()]] : [...this.#arrivals]
  }

  /** As choosing sees it. */
  get view(): LiveView {
    return { ...this.#view, residentBytes: this.residentBytes, restoreMs: this.#restoreMs }
  }

  /** Import time of what is not in it. */
  missingMs(imports: readonly TimedImport[]): number {
    const { loaded } = this.#view
    const there = new Set(this.image.imports.map(({ module }) => module))
    const missing = imports.filter(({ module }) => !there.has(module) && !loaded.has(module))
    return missing.reduce((sum, { ms }) => sum + ms, 0)
  }

  /** As eviction sees it. */
  get shelfView(): ShelfView {
    const { key, residentBytes, isPinned, savedSecondsPerDay, lastUsedMs, builtMs } = this
    return { key, residentBytes, isPinned, restoring: this.#restoring, savedSecondsPerDay, lastUsedMs, builtMs }
  }

  /** Keeps it for the time of a restore. */
  async during<T>(restore: () => Promise<T>): Promise<T> {
    this.#restoring += 1
    try {
      return await restore()
    } finally {
      this.#restoring -= 1
      if (this.#restoring === 0) this.#lastRestoreEnded()
    }
  }

  /** A restore went well. */
  restored(ms: number, nowMs: number): void {
    this.#restoreMs = this.restores === 0 ? ms : this.#restoreMs * 0.8 + ms * 0.2
    this.restores += 1
    this.failures = 0
    this.lastUsedMs = nowMs
  }

  /** Ends the image when no restore is under way. Never rejects. */
  retire(): Promise<void> {
    this.#retirement ??= this.#whenUnused().then(() => this.image.drop())
    return this.#retirement
  }

  #whenUnused(): Promise<void> {
    if (this.#restoring === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#lastRestoreEnded = resolve
    })
  }
}

/** Import time by distribution, 0 for those that came along. */
function timesOf({ recipe, imports }: LiveImage): ReadonlyMap<string, number> {
  const times = new Map(recipe.identity.distributions.map(({ name }) => [name, 0]))
  for (const { distribution, ms } of imports) times.set(distribution, (times.get(distribution) ?? 0) + ms)
  return times
}
