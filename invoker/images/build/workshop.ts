import { Fault } from '../../faults/fault.ts'
import type { Clock } from '../../ports/clock.ts'
import type { BuildProgress, LiveImage } from '../../ports/image-engine.ts'
import type { Log } from '../../ports/log.ts'
import type { ImagesMeter } from '../images-meter.ts'
import type { Resident } from '../shelf/resident.ts'
import type { Shelf } from '../shelf/shelf.ts'
import { type ImageEntry, liveKey } from '../store/entries.ts'
import type { Knowledge } from '../store/knowledge.ts'
import type { Residencies } from '../store/residencies.ts'
import type { Builder, BuildOutcome } from './builder.ts'
import type { Engines } from './engines.ts'
import type { Planner, Wish } from './planner.ts'
import type { Recipes } from './recipes.ts'

/** What a {@link Workshop} works with. */
export interface WorkshopOptions {
  readonly knowledge: Knowledge
  readonly engines: Engines
  readonly recipes: Recipes
  readonly planner: Planner
  readonly shelf: Shelf
  readonly builder: Builder
  readonly residencies: Residencies
  readonly clock: Clock
  readonly log: Log
  readonly meter: ImagesMeter
  /** Has what is known of an image written. */
  save(entry: ImageEntry): void
  /** Reads the runtime build of a kind again where it changed on disk. Never rejects. */
  refresh(kind: string): Promise<void>
}

/** Has an image built, puts it on the shelf, and writes down what became of it. */
export class Workshop {
  readonly #options: WorkshopOptions

  constructor(options: WorkshopOptions) {
    this.#options = options
  }

  /**
   * Builds what is wished for, of the packages as they are on disk now.
   * @throws Fault IMAGE_BUILD, IMAGE_UNSUITABLE; the builder's reason when it stops
   */
  async make(asked: Wish, onProgress: (progress: BuildProgress) => void): Promise<Resident> {
    const { planner, engines, recipes, builder, residencies, shelf, refresh } = this.#options
    await refresh(asked.kind)
    const wish = planner.wish({ ...asked, imports: asked.recipe.imports }) ?? asked
    const engine = await engines.needed(wish.kind)
    this.#options.knowledge.addRecipe(wish.recipe, this.#options.clock.now())
    residencies.note(wish, { state: 'building' })
    const outcome = await builder.build({
      recipe: wish.recipe,
      engine,
      recipeOf: (imports) => recipes.of(wish.kind, imports) ?? wish.recipe,
      isProven: (recipe) => shelf.holdsAll(liveKey(recipe.id, wish.namespace), recipe.imports),
      onProgress,
    })
    const { image, fault } = outcome
    const resident = image && (await this.#shelve(wish, image))
    if (fault !== undefined) this.#note(wish, { ...outcome, fault })
    if (resident?.image.recipe.id === wish.recipe.id) return resident
    throw fault ?? new Fault('IMAGE_BUILD', `the engine "${engine.name}" gave another image than was ordered`)
  }

  async #shelve(wish: Wish, image: LiveImage): Promise<Resident> {
    const { knowledge, residencies, shelf, clock, log, meter, save } = this.#options
    const { recipe, imports, sizes, buildMs } = image
    const { kind, engine } = recipe.identity
    const entry: ImageEntry = { type: 'image', recipe: { ...recipe, imports }, sizes, buildMs, updatedMs: clock.now() }
    knowledge.add(entry)
    save(entry)
    const { namespace, isPinned, savedSecondsPerDay } = wish
    residencies.note({ namespace, recipe, key: liveKey(recipe.id, namespace) }, { state: 'live' })
    meter.built(engine, buildMs)
    const modules = imports.map(({ module }) => module)
    log.info('dependency image built', { image: recipe.id, kind, engine, modules, buildMs, ...sizes })
    return shelf.add(image, { namespace, isPinned, savedSecondsPerDay })
  }

  /** Why an image is not, or not all, that was ordered. */
  #note(wish: Wish, { fault, blamed }: BuildOutcome & { readonly fault: Fault }): void {
    const { knowledge, residencies, shelf, clock, log, meter, save } = this.#options
    const { id: image, identity } = wish.recipe
    const { kind, engine } = identity
    const names = blamed.map(({ module }) => module)
    const reason = names.length === 0 ? fault.message : `${fault.message} (without ${names.join(', ')} it goes well)`
    const failure = fault.code === 'IMAGE_UNSUITABLE' ? 'unsuitable' : 'failed'
    knowledge.blame(kind, blamed)
    if (shelf.get(wish.key) !== undefined) residencies.note(wish, { state: 'live', reason, blamed })
    else {
      if (failure === 'unsuitable') knowledge.markUnsuitable({ image, kind, reason, blamed })
      residencies.note(wish, { state: failure, reason, blamed })
    }
    save(knowledge.addRecipe(wish.recipe, clock.now()))
    meter.notBuilt(engine, failure)
    const fields = { image, kind, engine, blamed: names, error: fault }
    log.warn('dependency image not built as it was to be: functions start another way', fields)
  }
}
