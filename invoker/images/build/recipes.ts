import { LRUCache } from 'lru-cache'
import type { ImageRecipe, TimedImport } from '../../domain/dependency-image.ts'
import { isFault } from '../../faults/fault.ts'
import type { Inventory } from '../../ports/inventory.ts'
import { united } from '../store/entries.ts'
import type { Knowledge } from '../store/knowledge.ts'
import type { Engines } from './engines.ts'
import { recipeFor } from './identity.ts'

/** Identities that are remembered: planning asks for the same ones again and again. */
const most = 5000

/** How images would be built on this invoker. */
export class Recipes {
  readonly #knowledge: Knowledge
  readonly #machine: Inventory['machine']
  readonly #engines: Engines
  readonly #ids = new LRUCache<string, string>({ max: most })

  constructor(parts: {
    readonly knowledge: Knowledge
    readonly machine: Inventory['machine']
    readonly engines: Engines
  }) {
    this.#knowledge = parts.knowledge
    this.#machine = parts.machine
    this.#engines = parts.engines
  }

  /**
   * How to build an image of these imports: it also gets what images of the same identity are known to import. Undefined: there
   * are no images of the kind. Imports of packages that are not there, or of which something is wrong, are left out.
   */
  of(kind: string, imports: readonly TimedImport[]): ImageRecipe | undefined {
    const inventory = this.#knowledge.inventory(kind)
    const engine = this.#engines.of(kind)?.name
    if (inventory === undefined || engine === undefined) return undefined
    const usable = this.#knowledge.usable(kind, imports)
    try {
      const recipe = recipeFor({ inventory, machine: this.#machine, engine, imports: usable })
      const known = this.#knowledge.usable(kind, this.#knowledge.image(recipe.id)?.recipe.imports ?? [])
      return { ...recipe, imports: united(known, recipe.imports) }
    } catch (error) {
      // A package that its build does not have after all: there is no such image.
      if (isFault(error)) return undefined
      throw error
    }
  }

  /** The id that an image of these imports would have. */
  idOf(kind: string, imports: readonly TimedImport[]): string | undefined {
    const names = [...new Set(imports.map(({ distribution }) => distribution))].sort()
    const key = `${this.#knowledge.version} ${kind} ${names.join(' ')}`
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = this.of(kind, imports)?.id
    if (id !== undefined) this.#ids.set(key, id)
    return id
  }
}
