import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RuntimeLaunch } from '../../domain/runtime-launch.ts'
import { Fault } from '../../faults/fault.ts'
import { Permits } from '../../lib/permits.ts'
import type { CheckpointContainers, CheckpointSource } from '../../ports/checkpoints.ts'
import type { Container, ContainerFactory, ContainerSpec } from '../../ports/containers.ts'
import type { EmptyContainer, EmptyContainers, TemplateProcess, TemplateSpec } from '../../ports/empty-containers.ts'
import { environmentOf } from './bundle.ts'
import { hostBinds } from './container-config.ts'
import type { RuncEmptyContainer } from './empty-container.ts'
import { GroupMoves } from './group-moves.ts'
import { removeTraces, type Traces } from './leftovers.ts'
import { type Destroyable, type MakeParts, type MakeRequest, makeEmpty } from './make-empty.ts'
import { Forwarding } from './network/forwarding.ts'
import { networkNames } from './network/names.ts'
import { type ContainerNetwork, NoNetwork } from './network/network.ts'
import { PooledNetwork } from './network/pooled-network.ts'
import type { RuncOptions } from './options.ts'
import { Owner } from './owner.ts'
import { placesOf } from './places.ts'
import { makeRootfs } from './rootfs.ts'
import { RuncCli } from './runc-cli.ts'
import { startContainer } from './start-container.ts'
import { startSource } from './start-source.ts'
import { startTemplate } from './start-template.ts'
import { STOCK_MB, Stock } from './stock.ts'

/** Names that are safe as a file, a control group and an id of runc. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,199}$/

/**
 * Makes containers with runc. Call `start` once before `create`. Everything that it makes on the host carries the instance's
 * name, so that two invokers on one host never touch each other's.
 */
export class RuncFactory implements ContainerFactory, EmptyContainers, CheckpointContainers {
  readonly name = 'runc'
  readonly #options: RuncOptions
  readonly #traces: Traces
  readonly #owner: Owner
  readonly #network: ContainerNetwork
  readonly #permits: Permits
  readonly #parts: MakeParts
  /** Containers, and those of templates. */
  readonly #made = new Set<Destroyable>()
  readonly #starting = new Set<Promise<unknown>>()
  readonly #stock: Stock
  readonly #stopping = new AbortController()
  #isOpen = false
  #number = 0
  /** Compiled once by the kernel, and the same in every container of ours. */
  #seccomp: Buffer | undefined

  constructor(options: RuncOptions) {
    const { instance, stateDir, kernel, log } = options
    const places = placesOf(stateDir, instance)
    const names = networkNames(instance)
    const forwarding = new Forwarding({ folder: places.forwarding, instance })
    this.#options = options
    const groupMoves = new GroupMoves({ folder: places.groupMoves, instance, log })
    this.#traces = { places, names, forwarding, groupMoves, kernel }
    this.#owner = new Owner({ file: places.owner, instance })
    this.#network =
      options.network === undefined
        ? new NoNetwork()
        : new PooledNetwork({ options: options.network, names, folder: places.networks, forwarding, log })
    this.#permits = new Permits(options.parallelStarts > 0 ? options.parallelStarts : Number.POSITIVE_INFINITY)
    this.#parts = {
      options,
      places,
      runc: new RuncCli(places.runc),
      hostBinds: hostBinds(),
      takeLease: () => this.#network.lease(),
      seccomp: () => this.#seccomp,
      onMade: (made) => this.#made.add(made),
      onGone: (made) => this.#made.delete(made),
    }
    this.#stock = new Stock({
      size: options.readyContainers ?? 0,
      make: (kind) => this.#makeReady(kind),
      onFailure: (error) => log.warn('no container made for the stock', { error }),
    })
  }

  /** Address of this host that containers see; undefined without a network. */
  get gateway(): string | undefined {
    return this.#network.gateway
  }

  /**
   * Removes left-overs and makes what all containers share.
   * @throws Fault SETTINGS_WRONG when another process runs as this instance, the subnet is taken, or the seccomp profile
   * would refuse nothing.
   */
  async start(): Promise<void> {
    checkSeccomp(this.#options.seccomp)
    await this.removeLeftovers()
    await this.#owner.take()
    const { home, bundles, sockets, networks, runc, rootfs } = this.#traces.places
    for (const folder of [home, bundles, sockets, networks, runc]) await mkdir(folder, { recursive: true, mode: 0o700 })
    try {
      await this.#network.start()
      if (this.#options.quickMoves ?? true) await this.#traces.groupMoves.acquire()
      await makeRootfs(rootfs, { confinement: this.#options.confinement, resolvConf: this.#network.resolvConf })
    } catch (error) {
      await this.#clear()
      throw error
    }
    this.#isOpen = true
    if (this.#options.kernel.cgroups.limitSwap) return
    this.#options.log.warn('swap of containers is not limited', { remedy: 'start the kernel with swapaccount=1' })
  }

  create(spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
    return this.#make(spec, (request) => startContainer(request, { ...this.#parts, signal }), signal)
  }

  async createEmpty(spec: ContainerSpec, signal: AbortSignal): Promise<EmptyContainer> {
    return this.#takeReady(spec, signal) ?? (await this.#makeEmpty(spec, signal))
  }

  startSource(spec: ContainerSpec, signal: AbortSignal): Promise<CheckpointSource> {
    return this.#make(spec, (request) => startSource(request, { ...this.#parts, signal }), signal)
  }

  async putFile(target: string, content: Uint8Array): Promise<void> {
    const file = join(this.#traces.places.rootfs, target)
    // In one step: containers may look at it meanwhile.
    await writeFile(`${file}.new`, content, { mode: 0o644 })
    await rename(`${file}.new`, file)
  }

  async startTemplate(spec: TemplateSpec, signal: AbortSignal): Promise<TemplateProcess> {
    checkName(spec.name)
    const { name, launch } = spec
    return await this.#starts({ name, kind: launch.kind }, () => startTemplate(spec, { ...this.#parts, signal }))
  }

  async removeLeftovers(): Promise<number> {
    if (this.#isOpen) return 0
    await this.#owner.check()
    const count = await removeTraces(this.#traces)
    await this.#owner.leave()
    return count
  }

  async stop(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#stopping.abort(new Error('the factory stops'))
    await this.#stock.stop()
    await Promise.allSettled(this.#starting)
    await Promise.all([...this.#made].map((container) => container.destroy()))
    await this.#clear()
  }

  async #clear(): Promise<void> {
    await this.#network.stop()
    await removeTraces(this.#traces)
    await this.#owner.leave()
  }

  async #makeEmpty(spec: ContainerSpec, signal: AbortSignal): Promise<RuncEmptyContainer> {
    const empty = await this.#make(spec, (request) => makeEmpty(request, { ...this.#parts, signal }), signal)
    if (this.#seccomp === undefined) await this.#readSeccomp(empty.parts.init.pid)
    return empty
  }

  async #readSeccomp(pid: number): Promise<void> {
    try {
      this.#seccomp = await this.#options.kernel.seccompFilter(pid)
    } catch (error) {
      this.#options.log.warn('seccomp filter of containers not read', { error })
    }
  }

  /** One of the stock, made into what is asked for. */
  #takeReady(spec: ContainerSpec, signal: AbortSignal): RuncEmptyContainer | undefined {
    const ready = this.#isOpen && !signal.aborted ? this.#stock.take(spec) : undefined
    try {
      ready?.assign({ spec, env: environmentOf(this.#launchOf(spec), spec) })
      return ready
    } catch (error) {
      this.#options.log.warn('container of the stock not used', { container: ready?.parts.id, error })
      ready?.destroy().catch(() => undefined)
      return undefined
    }
  }

  #makeReady(kind: string): Promise<RuncEmptyContainer> {
    this.#number += 1
    const name = `${this.#options.instance}_ready${this.#number}`
    return this.#makeEmpty({ name, kind, memoryMb: STOCK_MB, cpuShares: STOCK_MB, env: {} }, this.#stopping.signal)
  }

  async #make<T>(spec: ContainerSpec, make: (request: MakeRequest) => Promise<T>, signal: AbortSignal): Promise<T> {
    checkName(spec.name)
    const launch = this.#launchOf(spec)
    return await this.#starts(spec, () =>
      this.#permits.run(() => {
        this.#number += 1
        return make({ spec, launch, number: this.#number })
      }, signal),
    )
  }

  async #starts<T>(what: { readonly name: string; readonly kind: string }, start: () => Promise<T>): Promise<T> {
    const { name, kind } = what
    if (!this.#isOpen)
      throw new Fault('CONTAINER_CREATE', 'the factory does not run', { facts: { container: name, kind } })
    const starting = start()
    this.#starting.add(starting)
    try {
      return await starting
    } catch (cause) {
      throw new Fault('CONTAINER_CREATE', messageOf(cause), { cause, facts: { container: name, kind } })
    } finally {
      this.#starting.delete(starting)
    }
  }

  #launchOf(spec: ContainerSpec): RuntimeLaunch {
    if (spec.image !== undefined) {
      throw new Fault(
        'IMAGE_MISSING',
        `"${spec.image}" is a container image, and this invoker runs none: its factory "runc" has no image store`,
      )
    }
    const launch = this.#options.launchOf(spec.kind)
    if (launch === undefined) throw new Fault('KIND_UNAVAILABLE', `"${spec.kind}" has no runtime on this invoker`)
    return launch
  }
}

function checkName(name: string): void {
  if (!NAME.test(name)) throw new Fault('CONTAINER_CREATE', `the name "${name}" cannot be one of runc's`)
}

/** runc takes an object without rules for "no filter": better no container than that. */
function checkSeccomp(profile: object): void {
  const action = 'defaultAction' in profile ? profile.defaultAction : undefined
  if (action !== 'SCMP_ACT_ERRNO') {
    throw new Fault(
      'SETTINGS_WRONG',
      `the seccomp profile has the default action "${action}", "SCMP_ACT_ERRNO" is wanted`,
    )
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
