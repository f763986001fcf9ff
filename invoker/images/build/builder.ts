import type { ImageRecipe, TimedImport } from '../../domain/dependency-image.ts'
import { Fault, isFault } from '../../faults/fault.ts'
import type { BuildProgress, ImageEngine, LiveImage } from '../../ports/image-engine.ts'
import { bounded, Late } from '../shelf/bounded.ts'
import { isWithin } from '../want/module-name.ts'
import { type Blamed, namedImport, slowestFirst } from './blame.ts'

/** One image to be built. */
export interface BuildOrder {
  readonly recipe: ImageRecipe
  readonly engine: ImageEngine
  /** The recipe of fewer imports in the same runtime build. */
  recipeOf(imports: readonly TimedImport[]): ImageRecipe
  /** Whether an image of all this is live here: then nothing is wrong with it. */
  isProven(recipe: ImageRecipe): boolean
  onProgress(progress: BuildProgress): void
}

/** What became of it. */
export interface BuildOutcome {
  /** The image; where there is a fault too, one without what is to blame. */
  readonly image?: LiveImage
  /** Why what was ordered cannot be. */
  readonly fault?: Fault
  /** What is to blame for that: without it, it goes well. */
  readonly blamed: readonly Blamed[]
}

/** Bounds of a build. */
export interface BuilderOptions {
  readonly timeoutMs: number
  readonly memoryMb: number
}

/** Builds that are made at most to find out what is to blame. */
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

  /**
   * Builds an image. Where that fails, finds out what is to blame, and gives an image without it. Rejects only when the builder
   * stops.
   */
  async build(order: BuildOrder): Promise<BuildOutcome> {
    const blamed: Blamed[] = []
    let first: Fault | undefined
    let { recipe } = order
    for (let trial = 0; trial < mostTrials; trial += 1) {
      const made = await this.#try(order, recipe)
      if (!isFault(made)) return { image: made, blamed, ...(first && { fault: first }) }
      first ??= made
      const named = namedImport(recipe.imports, made)
      if (named === undefined) return this.#leaveOneOut({ ...order, recipe }, { first, last: made, blamed })
      const rest = recipe.imports.filter(({ module }) => !isWithin(module, named.module))
      // Alone, it is to blame for being unsuitable; for want of memory or time it is not.
      if (rest.length > 0 || made.code === 'IMAGE_UNSUITABLE') blamed.push(asBlamed(named, recipe))
      recipe = order.recipeOf(rest)
      if (rest.length === 0 || order.isProven(recipe)) break
    }
    return { blamed, ...(first && { fault: first }) }
  }

  /** Ends the build at hand. */
  stop(): void {
    this.#end.abort(new Error('The invoker stops'))
  }

  /** Where packages are unsuitable together, and none is named: leaves out one of them at a time until it goes well. */
  async #leaveOneOut(
    order: BuildOrder,
    { first, last, blamed }: { readonly first: Fault; readonly last: Fault; readonly blamed: readonly Blamed[] },
  ): Promise<BuildOutcome> {
    const { imports } = order.recipe
    const names = last.code === 'IMAGE_UNSUITABLE' ? slowestFirst(imports).slice(0, mostTrials) : []
    for (const name of names) {
      const all = [
        ...blamed,
        ...imports.filter((one) => one.distribution === name).map((one) => asBlamed(one, order.recipe)),
      ]
      const rest = imports.filter(({ distribution }) => distribution !== name)
      if (rest.length === 0) return { fault: first, blamed: all }
      const recipe = order.recipeOf(rest)
      if (order.isProven(recipe)) return { fault: first, blamed: all }
      const made = await this.#try(order, recipe)
      if (!isFault(made)) return { image: made, fault: first, blamed: all }
    }
    return { fault: first, blamed: [] }
  }

  async #try({ engine, onProgress }: BuildOrder, recipe: ImageRecipe): Promise<LiveImage | Fault> {
    const { timeoutMs, memoryMb } = this.#options
    try {
      return await bounded((signal) => engine.build(recipe, { signal, timeoutMs, memoryMb, onProgress }), {
        ...{ timeoutMs, graceMs, signal: this.#end.signal },
        onLate: (image) => image.drop(),
      })
    } catch (error) {
      this.#end.signal.throwIfAborted()
      if (isFault(error)) return error
      const isLate = error instanceof Late
      const why = isLate ? `the engine "${engine.name}" gave no image within ${timeoutMs} ms` : String(error)
      return new Fault('IMAGE_BUILD', why, { cause: error })
    }
  }
}

function asBlamed({ module, distribution }: TimedImport, { identity }: ImageRecipe): Blamed {
  const record = identity.distributions.find(({ name }) => name === distribution)?.record ?? ''
  return { module, distribution, record }
}
