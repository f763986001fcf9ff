import type { Distribution, ImageRecipe, TimedImport } from '../domain/dependency-image.ts'
import { type Manifest, resolveKind } from '../domain/manifest.ts'
import { Fault } from '../faults/fault.ts'
import { compareText } from '../lib/compare-text.ts'
import type { Clock } from '../ports/clock.ts'
import type {
  AdvisedImage,
  BuildRequest,
  ImageAdmin,
  ImageAdvice,
  ImageDetails,
  ImageResidency,
  ImageSummary,
} from '../ports/image-admin.ts'
import type { BuildProgress } from '../ports/image-engine.ts'
import type { StemTarget } from '../ports/images.ts'
import type { BuildInventory } from '../ports/inventory.ts'
import type { Advice } from './advise/advise.ts'
import type { LoadBook } from './advise/load-book.ts'
import type { Engines } from './build/engines.ts'
import type { Planner, Wish } from './build/planner.ts'
import type { Recipes } from './build/recipes.ts'
import { requestedImports } from './build/requested.ts'
import type { Stock } from './build/stock.ts'
import type { Shelf } from './shelf/shelf.ts'
import type { Catalog } from './store/catalog.ts'
import { liveKey, type ResidencyEntry, withoutSize } from './store/entries.ts'
import type { Knowledge } from './store/knowledge.ts'
import type { Records } from './store/records.ts'
import type { Residencies } from './store/residencies.ts'
import { importsNamed } from './want/named.ts'

/** What a {@link Board} shows and does. */
export interface BoardOptions {
  readonly catalog: Catalog
  readonly records: Records
  readonly knowledge: Knowledge
  readonly engines: Engines
  readonly recipes: Recipes
  readonly planner: Planner
  readonly shelf: Shelf
  readonly stock: Stock
  readonly residencies: Residencies
  readonly loads: LoadBook
  readonly runtimes: Manifest
  readonly sharing: 'all' | 'namespace'
  readonly clock: Clock
  stems(): readonly StemTarget[]
  /** Reads the runtime build of a kind again where it changed on disk. Never rejects. */
  refresh(kind: string): Promise<void>
}

/** The images of an invoker, for its operator. */
export class Board implements ImageAdmin {
  readonly #options: BoardOptions

  constructor(options: BoardOptions) {
    this.#options = options
  }

  async list(): Promise<readonly ImageSummary[]> {
    const { knowledge, shelf } = this.#options
    const recipes = new Map<string, ImageRecipe>()
    for (const { recipe } of knowledge.images()) recipes.set(recipe.id, recipe)
    for (const { image } of shelf.all()) recipes.set(image.recipe.id, { ...image.recipe, imports: image.imports })
    const summaries = [...recipes.values()].map((recipe) => this.#summary(recipe))
    return summaries.sort((a, b) => rank(a) - rank(b) || compareText(nameOf(a), nameOf(b)))
  }

  async show(id: string): Promise<ImageDetails> {
    return this.#details(await this.#find(id))
  }

  async build(request: BuildRequest, onProgress: (progress: BuildProgress) => void): Promise<ImageDetails> {
    const wish = await this.#wishFor(request)
    const { image } = await this.#options.stock.request(wish, onProgress)
    return this.#details(this.#summary({ ...image.recipe, imports: image.imports }))
  }

  async remove(id: string): Promise<ImageSummary> {
    const { records, knowledge, shelf, stock, residencies } = this.#options
    const found = await this.#find(id)
    for (const key of this.#keysOf(found.id)) {
      stock.forget(key)
      shelf.drop(key, 'removed', 'the operator removed it')
      residencies.forget(key)
    }
    // Last of all: until then it may be heard of once more.
    await records.forget(found.id).finally(() => knowledge.forgetImage(found.id))
    return found
  }

  async advise(): Promise<ImageAdvice> {
    const { planner, clock, shelf } = this.#options
    const advice = planner.advice(clock.now())
    return {
      images: advice.map((one) => this.#advised(one)),
      budgetBytes: shelf.budgetBytes,
      residentBytes: shelf.bytes,
    }
  }

  async #wishFor({ kind, packages = [], modules = [], namespace = '' }: BuildRequest): Promise<Wish> {
    const { runtimes, knowledge, engines, planner, sharing, refresh } = this.#options
    if ((namespace === '') !== (sharing === 'all')) {
      const wanted = sharing === 'all' ? 'it can be for none' : 'it must be for one'
      throw new Fault('IMAGE_BUILD', `it is for ${namespace === '' ? 'no namespace' : `"${namespace}"`}, ${wanted}`)
    }
    const name = resolveKind(runtimes, kind)?.kind ?? resolveKind(runtimes, `${kind}:default`)?.kind
    if (name === undefined) {
      throw new Fault('KIND_UNAVAILABLE', `"${kind}" is not one of ${[...runtimes.kinds.keys()].join(', ')}`)
    }
    await engines.needed(name)
    await refresh(name)
    const inventory = knowledge.inventory(name)
    if (inventory === undefined) throw new Fault('KIND_UNAVAILABLE', `this machine has no runtime build of "${name}"`)
    await this.#hearOf(inventory, packages)
    const imports = requestedImports({ packages, modules }, { inventory, knowledge })
    knowledge.forgive(name, imports)
    const wish = planner.wish({ kind: name, namespace, imports, isPinned: false, savedSecondsPerDay: 0 })
    if (wish === undefined) throw new Fault('IMAGE_BUILD', `the runtime build of "${name}" lacks what it requires`)
    return wish
  }

  /** What other invokers know to be imported of packages: it may be more than this one remembers. */
  async #hearOf(inventory: BuildInventory, packages: readonly string[]): Promise<void> {
    const { catalog, knowledge } = this.#options
    const names = importsNamed(packages, { inventory, knownMs: () => undefined }).imports.map((one) => one.distribution)
    if (names.length === 0) return
    // Without the database, what is remembered has to do.
    for (const entry of await catalog.covering(inventory, names).catch(() => [])) knowledge.add(entry)
  }

  async #find(prefix: string): Promise<ImageSummary> {
    const found = (await this.list()).filter(({ id }) => id.startsWith(prefix.toLowerCase()))
    const [only] = prefix === '' ? [] : found
    if (only === undefined) throw new Fault('IMAGE_UNKNOWN', `no id begins with "${prefix}"`)
    if (found.length === 1) return only
    const ids = found.slice(0, 4).map(({ id }) => id.slice(0, 16))
    throw new Fault('IMAGE_UNKNOWN', `${found.length} ids begin with "${prefix}": ${ids.join(', ')}`)
  }

  #summary({ id, identity, imports }: ImageRecipe): ImageSummary {
    const { shelf, residencies, stems } = this.#options
    const keys = this.#keysOf(id)
    const live = keys.flatMap((key) => shelf.get(key) ?? [])
    const entries = keys.flatMap((key) => residencies.get(key) ?? [])
    const entry = entries.find(({ state }) => state === 'live') ?? entries[0]
    return {
      id,
      kind: identity.kind,
      engine: identity.engine,
      packages: namesOf(identity.distributions),
      imported: namesOf(importedOf(identity.distributions, imports)),
      ...(entry === undefined ? {} : { state: entry.state }),
      ...(entry?.reason === undefined ? {} : { reason: entry.reason }),
      isPinned: live.some(({ isPinned }) => isPinned),
      ...(live.length === 0 ? {} : { residentBytes: live.reduce((sum, { residentBytes }) => sum + residentBytes, 0) }),
      stemCells: stems().reduce((sum, { image, count }) => sum + (keys.includes(withoutSize(image)) ? count : 0), 0),
      restores: entries.reduce((sum, { restores }) => sum + restores, 0),
      importMs: Math.round(imports.reduce((sum, { ms }) => sum + ms, 0)),
    }
  }

  async #details(summary: ImageSummary): Promise<ImageDetails> {
    const { knowledge, shelf, catalog, residencies } = this.#options
    const live = this.#keysOf(summary.id).flatMap((key) => shelf.get(key)?.image ?? [])[0]
    const entry = knowledge.image(summary.id)
    const recipe = live?.recipe ?? entry?.recipe
    if (recipe === undefined) throw new Fault('IMAGE_UNKNOWN', `"${summary.id}" has just been removed`)
    const sizes = live?.sizes ?? entry?.sizes
    const buildMs = live?.buildMs ?? entry?.buildMs
    const mine = residencies.all().filter(({ image }) => image === summary.id)
    const holders = await catalog.holders(summary.id).catch(() => [])
    const others = holders.filter((holder) => mine.every(({ invoker }) => invoker !== holder.invoker))
    const { runtimeBuild, architecture, cpu, format } = recipe.identity
    return {
      ...summary,
      ...{ runtimeBuild, architecture, cpu, format },
      imports: live?.imports ?? recipe.imports,
      ...(sizes === undefined ? {} : { sizes }),
      ...(buildMs === undefined ? {} : { buildMs }),
      residencies: [...mine, ...others].map(residency),
    }
  }

  #advised(advice: Advice): AdvisedImage {
    const { planner, recipes, shelf, residencies, knowledge, loads } = this.#options
    const recipe = recipes.of(advice.kind, advice.imports)
    const key = planner.keyOf(advice)
    const held = new Set(recipe?.identity.distributions.map(({ name }) => name))
    const served = loads.codes().filter(({ kind, scanned, namespace }) => {
      const want = namespace === advice.namespace ? knowledge.settledWant(kind, scanned) : undefined
      return want?.kind === advice.kind && [...want.distributions.keys()].every((name) => held.has(name))
    })
    const state = shelf.get(key) === undefined ? residencies.get(key)?.state : 'live'
    const { kind, verdict, isPinned, savedSecondsPerDay, bytes } = advice
    return {
      kind,
      packages: namesOf(recipe?.identity.distributions ?? []),
      imported: namesOf(importedOf(recipe?.identity.distributions ?? [], advice.imports)),
      modules: advice.imports.map(({ module }) => module),
      actions: served.length,
      ...{ verdict, isPinned, savedSecondsPerDay, bytes },
      ...(recipe === undefined ? {} : { image: recipe.id }),
      ...(state === undefined ? {} : { state }),
    }
  }

  #keysOf(id: string): readonly string[] {
    const { shelf, residencies } = this.#options
    const live = shelf.all().filter(({ image }) => image.recipe.id === id)
    const known = residencies.all().filter(({ image }) => image === id)
    return [...new Set([...live.map(({ key }) => key), ...known.map((one) => liveKey(one.image, one.namespace))])]
  }
}

function residency(entry: ResidencyEntry): ImageResidency {
  const { invoker, namespace, state, reason, sinceMs, restores, lastUsedMs } = entry
  return {
    invoker,
    ...(namespace === undefined ? {} : { namespace }),
    state,
    ...(reason === undefined ? {} : { reason }),
    since: sinceMs,
    restores,
    ...(lastUsedMs === undefined ? {} : { lastUsed: lastUsedMs }),
  }
}

/** The distributions that something is imported of; the others are there since these require them. */
function importedOf(all: readonly Distribution[], imports: readonly TimedImport[]): readonly Distribution[] {
  const names = new Set(imports.map(({ distribution }) => distribution))
  return all.filter(({ name }) => names.has(name))
}

function namesOf(distributions: readonly Distribution[]): readonly string[] {
  return distributions.map(({ name, version }) => `${name}==${version}`)
}

function rank({ state }: ImageSummary): number {
  return state === 'live' ? 0 : 1
}

function nameOf({ kind, packages }: ImageSummary): string {
  return [kind, ...packages].join(' ')
}
