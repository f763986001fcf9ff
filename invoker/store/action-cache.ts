import { LRUCache } from 'lru-cache'
import type { ExecutableAction } from '../domain/action.ts'
import type { Clock } from '../ports/clock.ts'
import type { Meter } from '../ports/meter.ts'

/** How much is kept, and how long after the last use. */
export interface ActionCacheLimits {
  readonly idleMs: number
  readonly maxBytes: number
}

/** What an action weighs beside its code. */
const besideCodeBytes = 4096

/** Executable actions by id and revision (protocol reference 3.8). Concurrent reads of one key share one load. */
export class ActionCache {
  readonly #kept: LRUCache<string, ExecutableAction>
  readonly #loading = new Map<string, Promise<ExecutableAction | undefined>>()

  readonly #meter: Meter | undefined

  constructor({
    clock,
    limits,
    meter,
  }: {
    readonly clock: Clock
    readonly limits: ActionCacheLimits
    readonly meter?: Meter | undefined
  }) {
    this.#meter = meter
    this.#kept = new LRUCache({
      maxSize: limits.maxBytes,
      sizeCalculation: (action) => besideCodeBytes + (action.exec.code?.length ?? 0),
      ttl: limits.idleMs,
      ttlResolution: 0,
      updateAgeOnGet: true,
      perf: { now: () => clock.now() },
    })
  }

  /** The kept action, or what `load` gives; kept when it has the revision that was asked for. */
  async through(
    key: { readonly id: string; readonly revision: string },
    load: () => Promise<ExecutableAction | undefined>,
  ): Promise<ExecutableAction | undefined> {
    const name = nameOf(key)
    const kept = this.#kept.get(name)
    this.#meter?.count(`counter_database_${kept === undefined ? 'cacheMiss' : 'cacheHit'}_counter_total`)
    return kept ?? this.#loading.get(name) ?? this.#load(name, { revision: key.revision, load })
  }

  /** Forgets every revision of an action. */
  forget(id: string): void {
    for (const name of [...this.#kept.keys()])
      if (name.startsWith(nameOf({ id, revision: '' }))) this.#kept.delete(name)
  }

  #load(
    name: string,
    { revision, load }: { readonly revision: string; readonly load: () => Promise<ExecutableAction | undefined> },
  ): Promise<ExecutableAction | undefined> {
    const loading = load()
      .then((action) => {
        if (action?.revision === revision) this.#kept.set(name, action)
        return action
      })
      .finally(() => this.#loading.delete(name))
    this.#loading.set(name, loading)
    return loading
  }
}

/** Ids have no line breaks. */
function nameOf({ id, revision }: { readonly id: string; readonly revision: string }): string {
  return `${id}\n${revision}`
}
