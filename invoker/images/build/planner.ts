import type { ImageRecipe, TimedImport } from '../../domain/dependency-image.ts'
import type { Manifest } from '../../domain/manifest.ts'
import { MiB } from '../../domain/size.ts'
import { isFault } from '../../faults/fault.ts'
import type { Log } from '../../ports/log.ts'
import { type Advice, type AdviceBounds, advise, type Pin } from '../advise/advise.ts'
import type { LoadBook } from '../advise/load-book.ts'
import type { Load } from '../advise/loads.ts'
import type { ChoiceBounds } from '../choose/choice.ts'
import type { ImagesManifest } from '../images-manifest.ts'
import { expectedRestoreMs } from '../shelf/resident.ts'
import type { Shelf } from '../shelf/shelf.ts'
import { liveKey } from '../store/entries.ts'
import type { Knowledge } from '../store/knowledge.ts'
import { type Want, wantOf } from '../want/want.ts'
import type { Engines } from './engines.ts'
import type { Recipes } from './recipes.ts'
import { requestedImports } from './requested.ts'

/** An image that is to be live. */
export interface Wish {
  readonly key: string
  /** Empty where images are shared. */
  readonly namespace: string
  readonly kind: string
  readonly recipe: ImageRecipe
  readonly isPinned: boolean
  readonly savedSecondsPerDay: number
}

/** An image that somebody wants, before it is known how it would be built here. */
export type Wanted = Omit<Wish, 'key' | 'recipe'> & { readonly imports: readonly TimedImport[] }

/** What a {@link Planner} goes by. */
export interface PlannerOptions {
  readonly knowledge: Knowledge
  readonly engines: Engines
  readonly recipes: Recipes
  readonly shelf: Shelf
  readonly loads: LoadBook
  readonly pins: ImagesManifest
  readonly runtimes: Manifest
  /** Whether namespaces share images. */
  readonly isShared: boolean
  /** Whether images are built for what actions import, too. */
  readonly isLearning: boolean
  readonly bounds: ChoiceBounds
  readonly log: Log
}

/** Bytes of an image before it was measured: the runtime, and what packages take for each ms of import. */
const expected = { runtimeBytes: 12 * MiB, bytesPerMs: 80 * 1024 } as const

/** Says which images are to be live. Decides nothing itself: it brings together what {@link advise} decides by. */
export class Planner {
  readonly #options: PlannerOptions
  readonly #complained = new Set<string>()

  constructor(options: PlannerOptions) {
    this.#options = options
  }

  /** What is to be live, best first, and what was considered. */
  advice(nowMs: number): readonly Advice[] {
    return advise(this.loads(nowMs), { pins: this.#pins(), bounds: this.#bounds() })
  }

  /** Those of the advice that are to be live, ready to be built. */
  wishes(advice: readonly Advice[]): readonly Wish[] {
    return advice.flatMap((one) => (one.verdict === 'build' ? (this.wish(one) ?? []) : []))
  }

  /** An image that somebody wants, as this invoker would build it. */
  wish({ kind, namespace, imports, isPinned, savedSecondsPerDay }: Wanted): Wish | undefined {
    const recipe = this.#options.recipes.of(kind, imports)
    if (recipe === undefined) return undefined
    return { key: liveKey(recipe.id, namespace), namespace, kind, recipe, isPinned, savedSecondsPerDay }
  }

  /** Key of the image that an advice is about. */
  keyOf({ kind, namespace, imports }: Pick<Advice, 'kind' | 'namespace' | 'imports'>): string {
    return liveKey(this.#options.recipes.idOf(kind, imports) ?? '', namespace)
  }

  /** Warm stem cells that the operator wants at least, by key. */
  pinnedStems(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const { want, namespace, stemCells } of this.#named()) {
      const id = this.#options.recipes.idOf(want.kind, want.imports)
      if (id !== undefined) counts.set(liveKey(id, namespace), stemCells)
    }
    return counts
  }

  /** Codes that start, with what they want: those whose imports are known, or are taken at their word. */
  loads(nowMs: number): readonly Load[] {
    const { knowledge, loads, isLearning } = this.#options
    if (!isLearning) return []
    return loads.codes().flatMap(({ kind, scanned, namespace, arrivals }) => {
      const want = knowledge.settledWant(kind, scanned)
      return want === undefined ? [] : [{ want, namespace, startsPerDay: arrivals.perDay(nowMs) }]
    })
  }

  #pins(): readonly Pin[] {
    return this.#named().flatMap(({ want, namespace, isPinned }) => (isPinned ? [{ want, namespace }] : []))
  }

  /** Base images of kinds that are ready to be used, and what images.json names, for each namespace where images are not shared. */
  #named(): readonly (Pin & { readonly stemCells: number; readonly isPinned: boolean })[] {
    const named = [...this.#baseWants(), ...this.#manifestWants()]
    return this.#options.loads.namespaces().flatMap((namespace) => named.map((one) => ({ ...one, namespace })))
  }

  #baseWants(): readonly { readonly want: Want; readonly stemCells: number; readonly isPinned: boolean }[] {
    const { runtimes, engines } = this.#options
    return [...runtimes.kinds.values()].flatMap(({ kind, isDefault, stemCells }) => {
      const engine = engines.of(kind)?.name
      const isBase = engine !== undefined && (isDefault || stemCells.length > 0)
      const want = isBase ? this.#wantOf(kind, []) : undefined
      // Forked copies share nearly all of their memory; others are as big as what they are copies of.
      const counts = engine === 'fork' ? stemCells.map(({ initialCount }) => initialCount) : []
      const stems = Math.max(
        1,
        counts.reduce((sum, count) => sum + count, 0),
      )
      // Where namespaces do not share, each that has light actions gets one for what it saves.
      const isPinned = this.#options.isShared
      return want === undefined ? [] : [{ want, stemCells: stems, isPinned }]
    })
  }

  #manifestWants(): readonly { readonly want: Want; readonly stemCells: number; readonly isPinned: boolean }[] {
    const { pins, knowledge } = this.#options
    return pins.images.flatMap(({ kind, packages, modules, stemCells, isPinned }) => {
      const inventory = knowledge.inventory(kind)
      if (inventory === undefined) return []
      try {
        const imports = requestedImports({ packages, modules }, { inventory, knowledge })
        const want = this.#wantOf(kind, knowledge.usable(kind, imports))
        return want === undefined ? [] : [{ want, stemCells, isPinned }]
      } catch (error) {
        if (!isFault(error)) throw error
        this.#complain(error.message)
        return []
      }
    })
  }

  #wantOf(kind: string, imports: readonly TimedImport[]): Want | undefined {
    const runtimeBuild = this.#options.knowledge.inventory(kind)?.runtimeBuild
    return runtimeBuild === undefined ? undefined : wantOf({ codeDigest: '', kind, runtimeBuild, imports })
  }

  #complain(problem: string): void {
    if (this.#complained.has(problem)) return
    this.#complained.add(problem)
    this.#options.log.warn('image of the manifest left out', { problem })
  }

  #bounds(): AdviceBounds {
    const { engines, recipes, knowledge, shelf, bounds } = this.#options
    const live = new Map(shelf.all().map((resident) => [resident.image.recipe.id, resident]))
    const idOf = (imports: readonly TimedImport[], kind: string) => recipes.idOf(kind, imports) ?? ''
    return {
      ...bounds,
      budgetBytes: shelf.budgetBytes,
      bytesOf: (imports, kind) => {
        const id = idOf(imports, kind)
        const measured = shelf.bytesOf(id) ?? knowledge.image(id)?.sizes?.anonymousBytes
        const ms = imports.reduce((sum, one) => sum + one.ms, 0)
        return measured ?? expected.runtimeBytes + ms * expected.bytesPerMs
      },
      inventoryOf: (kind) => knowledge.inventory(kind),
      loadedOf: (imports, kind) => live.get(idOf(imports, kind))?.view.loaded,
      restoreMsOf: (imports, kind) =>
        live.get(idOf(imports, kind))?.restoreMs ?? expectedRestoreMs[engines.of(kind)?.name ?? 'fork'],
      serves: (kind) => engines.of(kind) !== undefined,
      isUnsuitable: (imports, kind) => knowledge.whyUnsuitable(idOf(imports, kind)) !== undefined,
    }
  }
}
