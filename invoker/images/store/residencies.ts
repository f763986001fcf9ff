import type { Clock } from '../../ports/clock.ts'
import type { ResidencyState } from '../../ports/image-admin.ts'
import type { Blamed } from '../build/blame.ts'
import type { Wish } from '../build/planner.ts'
import { liveKey, type ResidencyEntry } from './entries.ts'

/** What {@link Residencies} work with. */
export interface ResidenciesOptions {
  /** Unique among those that share the database. */
  readonly invoker: string
  readonly clock: Clock
  /** Has an entry written. */
  save(entry: ResidencyEntry): void
}

/** How images are on this invoker, written down at every change; uses are written now and then. */
export class Residencies {
  readonly #options: ResidenciesOptions
  readonly #entries = new Map<string, ResidencyEntry>()
  readonly #used = new Set<string>()

  constructor(options: ResidenciesOptions) {
    this.#options = options
  }

  get(key: string): ResidencyEntry | undefined {
    return this.#entries.get(key)
  }

  all(): readonly ResidencyEntry[] {
    return [...this.#entries.values()]
  }

  /** Takes over what the last run wrote. What was live or being built then is not any more, unless it is again by now. */
  takeOver(entries: readonly ResidencyEntry[]): void {
    for (const entry of entries) {
      const key = liveKey(entry.image, entry.namespace)
      const now = this.#entries.get(key) ?? asLeft(entry)
      const lastUsedMs = now.lastUsedMs ?? entry.lastUsedMs
      const restores = entry.restores + (this.#entries.get(key)?.restores ?? 0)
      this.#entries.set(key, { ...now, restores, ...(lastUsedMs === undefined ? {} : { lastUsedMs }) })
    }
  }

  /** An image is in this state now. */
  note(
    of: Pick<Wish, 'key' | 'namespace' | 'recipe'>,
    now: { readonly state: ResidencyState; readonly reason?: string; readonly blamed?: readonly Blamed[] },
  ): void {
    const nowMs = this.#options.clock.now()
    const { kind, runtimeBuild } = of.recipe.identity
    const before = this.#entries.get(of.key)
    this.#write(of.key, {
      type: 'residency',
      image: of.recipe.id,
      ...(of.namespace === '' ? {} : { namespace: of.namespace }),
      invoker: this.#options.invoker,
      kind,
      runtimeBuild,
      state: now.state,
      ...(now.reason === undefined ? {} : { reason: now.reason }),
      sinceMs: nowMs,
      restores: before?.restores ?? 0,
      ...(before?.lastUsedMs === undefined ? {} : { lastUsedMs: before.lastUsedMs }),
      blamed: now.blamed ?? [],
      updatedMs: nowMs,
    })
  }

  /** An image was restored. */
  used(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.set(key, { ...entry, restores: entry.restores + 1, lastUsedMs: this.#options.clock.now() })
    this.#used.add(key)
  }

  /** Has the uses written that were not yet. */
  flush(): void {
    for (const key of this.#used) {
      const entry = this.#entries.get(key)
      if (entry !== undefined) this.#write(key, { ...entry, updatedMs: this.#options.clock.now() })
    }
  }

  /** Forgets an image; what is written of it is the caller's. */
  forget(key: string): void {
    this.#entries.delete(key)
    this.#used.delete(key)
  }

  #write(key: string, entry: ResidencyEntry): void {
    this.#entries.set(key, entry)
    this.#used.delete(key)
    this.#options.save(entry)
  }
}

function asLeft(entry: ResidencyEntry): ResidencyEntry {
  const { reason: _, ...rest } = entry
  if (entry.state !== 'live' && entry.state !== 'building') return entry
  return { ...rest, state: 'evicted', reason: 'the invoker was started again' }
}
