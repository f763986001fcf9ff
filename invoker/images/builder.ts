import type { Distribution, ImageRecipe, TimedImport } from '../domain/dependency-image.ts'
import { Fault, isFault } from '../faults/fault.ts'
import type { BuildProgress, ImageEngine, LiveImage } from '../ports/image-engine.ts'
import { bounded, Late } from './bounded.ts'
import { suspects } from './suspects.ts'

/** One image to be built. */
export interface BuildOrder {
  readonly recipe: ImageRecipe
  readonly engine: ImageEngine
  /** The recipe of fewer imports in the same runtime build. */
  recipeOf(imports: readonly TimedImport[]): ImageRecipe
  /** Whether an image with this id has been built here: then nothing is wrong with its packages. */
  isProven(id: string): boolean
  onProgress(progress: BuildProgress): void
}

/** What became of it. An image that was built without what is to blame has another recipe than the order's. */
export type BuildOutcome =
  | { readonly kind: 'built'; readonly image: LiveImage }
  | {
      readonly kind: 'refused'
      readonly fault: Fault
      /** Packages without which it goes well. */
      readonly blamed: readonly Distribution[]
      /** The image without them, where one had to be built to find that out. */
      readonly without?: LiveImage
    }

/** Bounds of a build. */
export interface BuilderOptions {
  readonly timeoutMs: number
  readonly memoryMb: number
}

/** Builds that are made at most to find out which package is to blame. */
const mostTrials = 8
/** How long an engine may take to give up after it was told to. */
const graceMs = 2000

/** Builds images. Not on the path of any activation: the caller lets one be built at a time. */
export class Builder {
  readonly #options: BuilderOptions
  readonly #end = new AbortController()

  constructor(options: BuilderOptions) {
    this.#options = options
  }

  /** Builds an image. Where its packages are refused, finds out which of them is to blame. Rejects only when the builder stops. */
  async build(order: BuildOrder): Promise<BuildOutcome> {
    try {
      return { kind: 'built', image: await this.#once(order, order.recipe) }
    } catch (error) {
      this.#end.signal.throwIfAborted()
      return this.#blame(order, asFault(error))
    }
  }

  /** Ends the build at hand. */
  stop(): void {
    this.#end.abort(new Error('The invoker stops'))
  }

  /** Leaves one package out at a time, those first that the reason names, until it goes well. */
  async #blame(order: BuildOrder, fault: Fault): Promise<BuildOutcome> {
    const { identity, imports } = order.recipe
    for (const name of suspects(imports, fault).slice(0, mostTrials)) {
      const blamed = identity.distributions.filter((one) => one.name === name)
      const rest = imports.filter(({ distribution }) => distribution !== name)
      // Alone, it is to blame for being unsuitable; for want of memory or time it is not.
      if (rest.length === 0) return { kind: 'refused', fault, blamed: fault.code === 'IMAGE_UNSUITABLE' ? blamed : [] }
      const recipe = order.recipeOf(rest)
      // What another of them requires comes along all the same.
      if (recipe.id === order.recipe.id) continue
      if (order.isProven(recipe.id)) return { kind: 'refused', fault, blamed }
      try {
        return { kind: 'refused', fault, blamed, without: await this.#once(order, recipe) }
      } catch {
        // It was not that one, or not that one alone.
        this.#end.signal.throwIfAborted()
      }
    }
    return { kind: 'refused', fault, blamed: [] }
  }

  async #once({ engine, onProgress }: BuildOrder, recipe: ImageRecipe): Promise<LiveImage> {
    const { timeoutMs, memoryMb } = this.#options
    try {
      return await bounded((signal) => engine.build(recipe, { signal, timeoutMs, memoryMb, onProgress }), {
        ...{ timeoutMs, graceMs, signal: this.#end.signal },
        onLate: (image) => image.drop(),
      })
    } catch (error) {
      if (!(error instanceof Late)) throw error
      throw new Fault('IMAGE_BUILD', `the engine "${engine.name}" gave no image within ${timeoutMs} ms`)
    }
  }
}

function asFault(error: unknown): Fault {
  if (isFault(error)) return error
  return new Fault('IMAGE_BUILD', error instanceof Error ? error.message : String(error), { cause: error })
}
