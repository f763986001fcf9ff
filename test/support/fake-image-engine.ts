import { createHash } from 'node:crypto'
import type {
  Distribution,
  EngineName,
  ImageRecipe,
  Restored,
  TimedImport,
} from '../../invoker/domain/dependency-image.ts'
import { Fault } from '../../invoker/faults/fault.ts'
import { deferred } from '../../invoker/lib/deferred.ts'
import type { Container, ContainerSpec } from '../../invoker/ports/containers.ts'
import type { BuildLimits, ImageEngine, LiveImage } from '../../invoker/ports/image-engine.ts'
import type { BuildInventory, Inventory } from '../../invoker/ports/inventory.ts'
import { FakeContainers } from './fake-containers.ts'

/** What a test may change of how an engine behaves. */
export interface EngineBehaviour {
  unavailable: string | undefined | Promise<string | undefined>
  /** Called at the start of each build; what it throws, the build throws. */
  build(recipe: ImageRecipe, limits: BuildLimits): void | Promise<void>
  /** The same of each restore. */
  restore(image: FakeLiveImage, spec: ContainerSpec, signal: AbortSignal): void | Promise<void>
  bytes(recipe: ImageRecipe): number
}

/** A live image that is only remembered. */
export class FakeLiveImage implements LiveImage {
  readonly recipe: ImageRecipe
  readonly imports: readonly TimedImport[]
  readonly loaded: readonly string[]
  readonly sizes: LiveImage['sizes']
  readonly buildMs = 100
  readonly ended: Promise<string>
  isDropped = false
  bytes: number
  restores = 0
  fits?: (memoryMb: number) => boolean
  readonly #engine: FakeImageEngine
  readonly #end = deferred<string>()

  constructor(recipe: ImageRecipe, engine: FakeImageEngine) {
    this.recipe = recipe
    this.imports = recipe.imports
    this.loaded = recipe.imports.map(({ module }) => module)
    this.bytes = engine.behaviour.bytes(recipe)
    this.sizes = { anonymousBytes: this.bytes, fileBytes: 0, vmas: 100 }
    this.ended = this.#end.promise
    this.#engine = engine
  }

  /** Ends it as a killed template does. */
  die(why = 'the template was killed'): void {
    this.#end.resolve(why)
  }

  async residentBytes(): Promise<number> {
    return this.bytes
  }

  async restore(spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
    const restored: Restored = { image: this.recipe.id, engine: this.#engine.name, restoreMs: 8 }
    const work = async () => this.#engine.behaviour.restore(this, spec, signal)
    const container = await this.#engine.containers.make(spec, { signal, work, restored })
    this.restores += 1
    return container
  }

  async drop(): Promise<void> {
    this.isDropped = true
    this.#end.resolve('it was dropped')
  }
}

/** An engine whose images are only remembered, and restored into containers of {@link FakeContainers}. */
export class FakeImageEngine implements ImageEngine {
  readonly name: EngineName
  readonly containers: FakeContainers
  /** Every recipe that was asked for. */
  readonly asked: ImageRecipe[] = []
  /** Every image that was built. */
  readonly built: FakeLiveImage[] = []
  readonly behaviour: EngineBehaviour = {
    unavailable: undefined,
    build: () => undefined,
    restore: () => undefined,
    bytes: ({ imports }) => 12 * 1024 * 1024 + imports.reduce((sum, { ms }) => sum + ms, 0) * 80 * 1024,
  }
  readonly #family: string

  constructor({
    name = 'fork',
    family = 'python',
    containers = new FakeContainers(),
  }: { readonly name?: EngineName; readonly family?: string; readonly containers?: FakeContainers } = {}) {
    this.name = name
    this.#family = family
    this.containers = containers
  }

  /** Those that can be restored. */
  get live(): readonly FakeLiveImage[] {
    return this.built.filter(({ isDropped }) => !isDropped)
  }

  serves(kind: string): boolean {
    return kind.startsWith(`${this.#family}:`)
  }

  async unavailable(): Promise<string | undefined> {
    return this.behaviour.unavailable
  }

  async build(recipe: ImageRecipe, limits: BuildLimits): Promise<LiveImage> {
    this.asked.push(recipe)
    const stopped = deferred<never>()
    const abort = () => stopped.reject(new Fault('IMAGE_BUILD', 'it was told to end'))
    limits.signal.addEventListener('abort', abort)
    try {
      const total = recipe.imports.length
      for (const [done, { module }] of recipe.imports.entries()) limits.onProgress({ done, total, now: module })
      await Promise.race([this.behaviour.build(recipe, limits), stopped.promise])
    } finally {
      limits.signal.removeEventListener('abort', abort)
    }
    const image = new FakeLiveImage(recipe, this)
    this.built.push(image)
    return image
  }

  async stop(): Promise<void> {
    await Promise.all(this.live.map((image) => image.drop()))
  }
}

/** Installed packages of a fake runtime build, by name. */
type Packages = Readonly<
  Record<
    string,
    { readonly version?: string; readonly modules: readonly string[]; readonly requires?: readonly string[] }
  >
>

/** Python packages that tests use: scikit-learn needs numpy, torch needs nothing. */
export const somePackages: Packages = {
  torch: { modules: ['torch'] },
  numpy: { modules: ['numpy'] },
  'scikit-learn': { modules: ['sklearn'], requires: ['numpy'] },
  pandas: { modules: ['pandas'], requires: ['numpy'] },
  pillow: { modules: ['PIL'] },
}

/** Runtime builds that a test changes as an operator changes a machine's packages. */
export class FakeInventory implements Inventory {
  readonly machine = { architecture: 'x64', cpu: 'cpu-1' }
  /** How often the disk was looked at. */
  checks = 0
  readonly #packages = new Map<string, Packages>()
  readonly #read = new Map<string, BuildInventory>()

  constructor(kinds: Readonly<Record<string, Packages>> = { 'python:3': somePackages }) {
    for (const [kind, packages] of Object.entries(kinds)) this.#packages.set(kind, packages)
  }

  /** Installs another version of a package. */
  update(kind: string, name: string, version: string): void {
    const packages = this.#packages.get(kind) ?? {}
    this.#packages.set(kind, { ...packages, [name]: { modules: [], ...packages[name], version } })
    this.#read.delete(kind)
  }

  async of(kind: string): Promise<BuildInventory> {
    const packages = this.#packages.get(kind)
    if (packages === undefined) throw new Fault('KIND_UNAVAILABLE', `"${kind}" is not on this machine`)
    const known = this.#read.get(kind) ?? inventoryOf(kind, packages)
    this.#read.set(kind, known)
    return known
  }

  async isCurrent(kind: string, distributions: readonly Distribution[]): Promise<boolean> {
    this.checks += 1
    const now = inventoryOf(kind, this.#packages.get(kind) ?? {})
    return distributions.every(({ name, record }) => now.distributions.get(name)?.record === record)
  }
}

function inventoryOf(kind: string, packages: Packages): BuildInventory {
  const names = Object.entries(packages)
  return {
    kind,
    runtimeBuild: `build-of-${kind}`,
    distributions: new Map(
      names.map(([name, { version = '1.0' }]) => [name, { name, version, record: recordOf(name, version) }]),
    ),
    modules: new Map(names.flatMap(([name, { modules }]) => modules.map((module) => [module, name] as const))),
    requires: new Map(names.map(([name, { requires = [] }]) => [name, requires])),
    howToAdd: 'install python3-PACKAGE on the machine',
  }
}

function recordOf(name: string, version: string): string {
  return createHash('sha256').update(`${name} ${version}`).digest('hex')
}
