import { dirname } from 'node:path'
import type { Distribution } from '../../domain/dependency-image.ts'
import { Fault } from '../../faults/fault.ts'
import { reasonOf } from '../../lib/reason-of.ts'
import type { BuildInventory, Inventory } from '../../ports/inventory.ts'
import { digestBuild } from './build-digest.ts'
import type { HostRuntimes } from './host-runtimes.ts'
import { readMachine } from './machine.ts'
import type { FoundBuild } from './match-kinds.ts'
import { readNodePackages } from './node-packages.ts'
import type { Packages } from './packages.ts'
import { readPythonPackages } from './python-packages.ts'
import { fingerprint, Watch } from './watch.ts'

/** What was read of one kind, and what tells that it is so no more. */
interface Reading {
  readonly inventory: BuildInventory
  /** Interpreter and our runtime. */
  readonly build: Watch
  /** Directories in which packages come and go. */
  readonly folders: Watch
  readonly packages: ReadonlyMap<string, Watch>
}

/** What the kinds of this host can import: their interpreters' packages, and those of layers. */
export class HostInventory implements Inventory {
  readonly machine: Inventory['machine']
  readonly #host: HostRuntimes
  readonly #runtimesFolder: string
  readonly #now: () => number
  readonly #readings = new Map<string, Promise<Reading>>()

  constructor(options: {
    readonly host: HostRuntimes
    /** The folder runtimes/ of this program. */
    readonly runtimesFolder: string
    readonly machine?: Inventory['machine']
    /** Monotonic, in ms. */
    readonly now?: () => number
  }) {
    this.#host = options.host
    this.#runtimesFolder = options.runtimesFolder
    this.#now = options.now ?? (() => performance.now())
    this.machine = options.machine ?? readMachine()
  }

  async of(kind: string): Promise<BuildInventory> {
    const reading = await this.#reading(kind)
    const watches = [reading.build, reading.folders, ...reading.packages.values()]
    return (await this.#areSame(watches)) ? reading.inventory : (await this.#again(kind, reading)).inventory
  }

  async isCurrent(kind: string, distributions: readonly Distribution[]): Promise<boolean> {
    const reading = await this.#reading(kind)
    const watches = distributions.map(({ name }) => reading.packages.get(name))
    if (watches.includes(undefined)) return false
    const isSame = await this.#areSame([reading.build, ...watches.filter((watch) => watch !== undefined)])
    // What was touched need not be another.
    const { inventory } = isSame ? reading : await this.#again(kind, reading)
    if (inventory.runtimeBuild !== reading.inventory.runtimeBuild) return false
    return distributions.every(({ name, version, record }) => {
      const there = inventory.distributions.get(name)
      return there?.version === version && there.record === record
    })
  }

  async #areSame(watches: readonly Watch[]): Promise<boolean> {
    const nowMs = this.#now()
    return (await Promise.all(watches.map((watch) => watch.isSame(nowMs)))).every((isSame) => isSame)
  }

  #reading(kind: string): Promise<Reading> {
    const known = this.#readings.get(kind)
    if (known !== undefined) return known
    const reading = this.#read(kind)
    this.#readings.set(kind, reading)
    // The next one to ask has it tried again.
    reading.catch(() => this.#readings.delete(kind))
    return reading
  }

  /** Reads what changed since; whoever asks at the same time waits for the same reading. */
  async #again(kind: string, outdated: Reading): Promise<Reading> {
    const current = await this.#reading(kind)
    if (current !== outdated) return current
    this.#readings.delete(kind)
    return this.#reading(kind)
  }

  async #read(kind: string): Promise<Reading> {
    const launch = this.#host.launchOf(kind)
    const found = this.#host.found.get(kind)
    if (found === undefined) throw new Fault('KIND_UNAVAILABLE', `"${kind}" has no interpreter on this host`)
    try {
      const runtimesFolder = this.#runtimesFolder
      const build = await digestBuild({ launch, interpreter: found.interpreter, runtimesFolder })
      const packages = await this.#packages(kind, found)
      const folders = await Promise.all(packages.folders.map(fingerprint))
      return {
        inventory: {
          kind,
          runtimeBuild: build.digest,
          distributions: new Map(
            packages.packages.map(({ name, version, record }) => [name, { name, version, record }]),
          ),
          modules: packages.modules,
          requires: new Map(packages.packages.map(({ name, requires }) => [name, requires])),
          howToAdd: howToAdd(found),
        },
        build: new Watch(build.watch),
        folders: new Watch(folders.filter((folder) => folder !== undefined)),
        packages: new Map(packages.packages.map(({ name, watch }) => [name, new Watch(watch)])),
      }
    } catch (cause) {
      const why = reasonOf(cause)
      throw new Fault('KIND_UNAVAILABLE', `the packages of "${kind}" cannot be read: ${why}`, { cause })
    }
  }

  #packages(kind: string, { interpreter, layers }: FoundBuild): Promise<Packages> {
    const { path, name } = interpreter
    if (name !== 'python3') return readNodePackages(layers.filter(({ isThere }) => isThere).map(({ source }) => source))
    return readPythonPackages({ path, launch: this.#host.launchOf(kind), runtimesFolder: this.#runtimesFolder })
  }
}

function howToAdd({ interpreter, layers }: FoundBuild): string {
  if (interpreter.name === 'python3') {
    return `install it for ${interpreter.path} (on Debian python3-NAME), or by "pip install --target DIRECTORY NAME" with that directory in "layers" of runtimes.json, and start again`
  }
  const prefix = layers[0] === undefined ? 'DIRECTORY' : dirname(layers[0].source)
  return `install it by "npm install --prefix ${prefix} NAME" with its node_modules in "layers" of runtimes.json, and start again`
}
