import { isFault } from '../../faults/fault.ts'
import type { Inventory } from '../../ports/inventory.ts'
import type { Log } from '../../ports/log.ts'
import type { Knowledge } from '../store/knowledge.ts'
import type { Engines } from './engines.ts'

/** What {@link RuntimeBuilds} work with. */
export interface RuntimeBuildsOptions {
  readonly inventory: Inventory
  readonly engines: Engines
  readonly knowledge: Knowledge
  readonly kinds: readonly string[]
  readonly log: Log
  /** The runtime build of a kind is known now, or another one than before. */
  onChange(kind: string): void
}

/** Keeps known what the runtime builds hold of which there can be images. Never rejects. */
export class RuntimeBuilds {
  readonly #options: RuntimeBuildsOptions
  readonly #complained = new Set<string>()

  constructor(options: RuntimeBuildsOptions) {
    this.#options = options
  }

  /** Reads all, one after the other: it is not urgent, and reading takes a process each. */
  async refreshAll(): Promise<void> {
    for (const kind of this.#options.kinds) await this.refresh(kind)
  }

  /** Reads one again where it changed on disk. */
  async refresh(kind: string): Promise<void> {
    const { inventory, engines, knowledge, log, onChange } = this.#options
    if (engines.of(kind) === undefined) return
    try {
      if (knowledge.setInventory(await inventory.of(kind))) onChange(kind)
    } catch (error) {
      // A kind whose interpreter this machine lacks has no images either.
      if (isFault(error, 'KIND_UNAVAILABLE')) return
      if (!this.#complained.has(kind)) log.warn('runtime build cannot be read: it has no images', { kind, error })
      this.#complained.add(kind)
    }
  }
}
