import { LRUCache } from 'lru-cache'
import type { ExecutableAction } from '../../domain/action.ts'
import type { ImageRecipe, ImportProfile, TimedImport } from '../../domain/dependency-image.ts'
import type { Manifest } from '../../domain/manifest.ts'
import type { BuildInventory } from '../../ports/inventory.ts'
import type { Blamed } from '../build/blame.ts'
import { lineage } from '../want/module-name.ts'
import { type Scanned, ScannedCode } from '../want/scanned.ts'
import { type Want, wantOf, wantOfModules } from '../want/want.ts'
import { type BuildOf, type CatalogEntry, hasMore, type ImageEntry, profileEntryId, united } from './entries.ts'

/** How much is remembered. */
const most = { profiles: 50_000, wants: 20_000, images: 5000, modules: 50_000 }

/**
 * What this invoker knows of runtime builds, of what actions import, and of images that were built anywhere. In memory; every
 * question is answered at once.
 */
export class Knowledge {
  readonly #runtimes: Manifest
  readonly #scanned = new ScannedCode()
  readonly #inventories = new Map<string, BuildInventory>()
  readonly #profiles = new LRUCache<string, ImportProfile>({ max: most.profiles })
  readonly #wants = new LRUCache<string, Want>({ max: most.wants })
  readonly #trusted = new LRUCache<string, true>({ max: most.wants })
  readonly #images = new LRUCache<string, ImageEntry>({ max: most.images })
  readonly #times = new LRUCache<string, number>({ max: most.modules })
  readonly #timesBelow = new LRUCache<string, number>({ max: most.modules })
  readonly #unsuitable = new LRUCache<string, string>({ max: most.images })
  readonly #blamed = new LRUCache<string, string>({ max: most.modules })
  #version = 0

  constructor(runtimes: Manifest) {
    this.#runtimes = runtimes
  }

  /** Another number whenever an action may want something else than before. */
  get version(): number {
    return this.#version
  }

  /** The runtime build of a kind, as last read; undefined: no images for it. */
  inventory(kind: string): BuildInventory | undefined {
    return this.#inventories.get(kind)
  }

  /** Every runtime build that is known. */
  builds(): readonly BuildOf[] {
    return [...this.#inventories.values()]
  }

  /** Gives whether the build is another than before, in its number or its packages. */
  setInventory(inventory: BuildInventory): boolean {
    if (this.#inventories.get(inventory.kind) === inventory) return false
    this.#inventories.set(inventory.kind, inventory)
    this.#forgetWants()
    return true
  }

  /** Takes in what the database or this invoker found out. */
  add(entry: CatalogEntry): void {
    if (entry.type === 'profile') this.#addProfile(entry.profile)
    else if (entry.type === 'image') {
      this.#images.set(entry.recipe.id, entry)
      this.#time(entry.recipe.identity.kind, entry.recipe.imports)
    } else if (entry.state === 'unsuitable') this.markUnsuitable(entry)
  }

  /** Notes that a set cannot be an image, and which packages of it are to blame, if that is known. */
  markUnsuitable(of: {
    readonly image: string
    readonly kind: string
    readonly reason?: string
    readonly blamed: readonly Blamed[]
  }): void {
    this.#unsuitable.set(of.image, of.reason ?? 'it was found unsuitable')
    this.blame(of.kind, of.blamed)
  }

  /** Keeps modules, and what is below them, out of every image of a kind, as their packages are on disk now. */
  blame(kind: string, blamed: readonly Blamed[]): void {
    for (const { module, record } of blamed) {
      const key = `${kind} ${module}`
      if (this.#blamed.get(key) === record) continue
      this.#blamed.set(key, record)
      this.#forgetWants()
    }
  }

  /** Lets modules be tried again, because somebody asks for them. */
  forgive(kind: string, imports: readonly TimedImport[]): void {
    const names = new Set(imports.flatMap(({ module }) => lineage(module)))
    for (const name of names) if (this.#blamed.delete(`${kind} ${name}`)) this.#forgetWants()
  }

  /** Why an image cannot be; undefined: nothing speaks against it. */
  whyUnsuitable(image: string): string | undefined {
    return this.#unsuitable.get(image)
  }

  /** Has it tried once more, because somebody asks for it. */
  forgetUnsuitable(image: string): void {
    this.#unsuitable.delete(image)
  }

  /** What an image that was built anywhere holds. */
  image(id: string): ImageEntry | undefined {
    return this.#images.get(id)
  }

  /** Notes how an image would be built, where nothing is known of it yet. */
  addRecipe(recipe: ImageRecipe, nowMs: number): ImageEntry {
    const known = this.#images.get(recipe.id)
    // What its packages have to be imported as is known only when it was built.
    const entry: ImageEntry = known ?? { type: 'image', recipe: { ...recipe, imports: [] }, updatedMs: nowMs }
    this.#images.set(recipe.id, entry)
    return entry
  }

  forgetImage(id: string): void {
    this.#images.delete(id)
    this.#unsuitable.delete(id)
  }

  /** Every image that is known, wherever it was built. */
  images(): readonly ImageEntry[] {
    return [...this.#images.values()]
  }

  /** Names of the packages that an image holds; none, where nothing is known of it. */
  packagesOf(image: string): readonly string[] {
    return this.#images.get(image)?.recipe.identity.distributions.map(({ name }) => name) ?? []
  }

  /** What importing a module took when it was last seen, in ms; of a package that was never seen itself, what is below it. */
  knownMs(kind: string, module: string): number | undefined {
    return this.#times.get(`${kind} ${module}`) ?? this.#timesBelow.get(`${kind} ${module}`)
  }

  /** Modules of a distribution that some code or image is known to import. */
  modulesOf(kind: string, distribution: string): readonly string[] {
    const modules = new Set<string>()
    const note = (imports: readonly TimedImport[]) => {
      for (const one of imports) if (one.distribution === distribution) modules.add(one.module)
    }
    for (const { recipe } of this.images()) if (recipe.identity.kind === kind) note(recipe.imports)
    for (const profile of this.#profiles.values()) if (profile.kind === kind) note(profile.imports)
    return [...modules]
  }

  /** What an action's text says. */
  scan(action: ExecutableAction): Scanned {
    return this.#scanned.of(action, this.#runtimes.kinds.get(action.exec.kind)?.family ?? action.exec.kind)
  }

  /** What an action's imports are known to be; undefined: only its text is known. */
  profileOf(action: ExecutableAction): ImportProfile | undefined {
    const inventory = this.inventory(action.exec.kind)
    if (inventory === undefined) return undefined
    return this.#profiles.get(profileEntryId({ ...buildOf(inventory), codeDigest: this.scan(action).codeDigest }))
  }

  /** What an action wants of an image: what its profile says, else its text. Undefined: there are no images for its kind. */
  want(action: ExecutableAction): Want | undefined {
    const inventory = this.inventory(action.exec.kind)
    if (inventory === undefined) return undefined
    return this.#wantBy(inventory, this.scan(action))
  }

  /** What code wants that has a profile, or is taken at its word; undefined: of other code too little is known to build for it. */
  settledWant(kind: string, scanned: Scanned): Want | undefined {
    const inventory = this.inventory(kind)
    if (inventory === undefined) return undefined
    const key = profileEntryId({ ...buildOf(inventory), codeDigest: scanned.codeDigest })
    return this.#profiles.has(key) || this.#trusted.has(key) ? this.#wantBy(inventory, scanned) : undefined
  }

  /** Believes what code's text says until its imports are recorded. Gives whether it was believed before. */
  takeAtItsWord(kind: string, scanned: Scanned): boolean {
    const inventory = this.inventory(kind)
    if (inventory === undefined) return false
    const key = profileEntryId({ ...buildOf(inventory), codeDigest: scanned.codeDigest })
    const isBelieved = this.#trusted.has(key)
    this.#trusted.set(key, true)
    return isBelieved
  }

  /** What an action imports of its runtime build by its text. */
  importsOfText(action: ExecutableAction): readonly TimedImport[] {
    const inventory = this.inventory(action.exec.kind)
    return inventory === undefined ? [] : this.#importsOf(inventory, this.scan(action))
  }

  /** Those of the imports that can be in an image here: their packages are there, and nothing is wrong with them. */
  usable(kind: string, imports: readonly TimedImport[]): readonly TimedImport[] {
    const inventory = this.inventory(kind)
    return inventory === undefined ? [] : imports.filter((one) => this.#isUsable(inventory, one))
  }

  /** As remembered, by the profile, or by the text. */
  #wantBy(inventory: BuildInventory, scanned: Scanned): Want {
    const { codeDigest, provides } = scanned
    const key = profileEntryId({ ...buildOf(inventory), codeDigest })
    const known = this.#wants.get(key)
    if (known !== undefined) return known
    const imports = this.#profiles.get(key)?.imports ?? this.#importsOf(inventory, scanned)
    const usable = imports.filter((one) => this.#isUsable(inventory, one))
    const want = wantOf({ ...buildOf(inventory), codeDigest, imports: usable }, provides)
    this.#wants.set(key, want)
    return want
  }

  #importsOf(inventory: BuildInventory, { modules, provides }: Scanned): readonly TimedImport[] {
    const knownMs = (module: string) => this.knownMs(inventory.kind, module)
    return wantOfModules(modules, { inventory, knownMs, provides }).imports
  }

  #isUsable({ kind, distributions }: BuildInventory, { module, distribution: name }: TimedImport): boolean {
    const distribution = distributions.get(name)
    if (distribution === undefined) return false
    return lineage(module).every((one) => this.#blamed.get(`${kind} ${one}`) !== distribution.record)
  }

  #addProfile(profile: ImportProfile): void {
    const key = profileEntryId(profile)
    const older = this.#profiles.get(key)
    // Times differ a little at every start: that changes nobody's mind.
    if (older !== undefined && !hasMore(older.imports, profile.imports)) return
    this.#profiles.set(key, { ...profile, imports: united(older?.imports ?? [], profile.imports) })
    this.#wants.delete(key)
    this.#time(profile.kind, profile.imports)
    this.#version += 1
  }

  #time(kind: string, imports: readonly TimedImport[]): void {
    for (const { module, ms } of imports) {
      const key = `${kind} ${module}`
      // A module that another has brought along before takes nothing: that says little about it.
      this.#times.set(key, Math.max(ms, (this.#times.get(key) ?? 0) / 2))
      for (const name of lineage(module).slice(1)) {
        const above = `${kind} ${name}`
        this.#timesBelow.set(above, Math.max(ms, this.#timesBelow.get(above) ?? 0))
      }
    }
  }

  #forgetWants(): void {
    this.#wants.clear()
    this.#version += 1
  }
}

function buildOf({ kind, runtimeBuild }: BuildOf): BuildOf {
  return { kind, runtimeBuild }
}
