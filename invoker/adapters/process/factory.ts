import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync } from 'node:fs'
import { mkdir, rm, rmdir } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { launchFor, type RuntimeLaunch } from '../../domain/runtime-launch.ts'
import { Fault } from '../../faults/fault.ts'
import { reasonOf } from '../../lib/reason-of.ts'
import type { Container, ContainerFactory, ContainerSpec, OpenLogs } from '../../ports/containers.ts'
import type { Kernel } from '../../ports/kernel.ts'
import type { Log } from '../../ports/log.ts'
import { ProcessContainer } from './container.ts'
import { groupsBelow, signalGroup } from './groups.ts'
import { launchHere } from './launch-here.ts'

/** What the factory is made of. */
export interface ProcessOptions {
  /** Name of this invoker on the host. */
  readonly instance: string
  /** Where work directories and sockets are made; short, since socket paths have 107 bytes. */
  readonly stateDir: string
  readonly launchOf: (kind: string) => RuntimeLaunch | undefined
  readonly kernel: Pick<Kernel, 'listen' | 'pipe'>
  readonly openLogs: OpenLogs
  readonly log: Log
}

/** What one container has of its own on disk. */
interface Place {
  readonly folder: string
  readonly socketPath: string
}

/**
 * Runs runtimes as plain processes, as the user that we are. Nothing is isolated and no memory limit holds: it is for
 * development on a machine without root. Call `start` once before `create`.
 */
export class ProcessFactory implements ContainerFactory {
  readonly name = 'process'
  readonly #options: ProcessOptions
  readonly #containers = new Set<ProcessContainer>()
  readonly #home: string
  #isOpen = false
  #number = 0

  constructor(options: ProcessOptions) {
    this.#options = options
    this.#home = join(options.stateDir, options.instance)
  }

  async start(): Promise<void> {
    await this.removeLeftovers()
    await mkdir(this.#home, { recursive: true, mode: 0o700 })
    this.#isOpen = true
    this.#options.log.warn('containers are not isolated', {
      factory: this.name,
      lost: 'actions run as this user, see its files and network, and have no memory limit',
    })
  }

  async create(spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
    const launch = this.#launchOf(spec)
    try {
      signal.throwIfAborted()
      return await this.#start(spec, launch)
    } catch (cause) {
      const facts = { container: spec.name, kind: spec.kind }
      throw new Fault('CONTAINER_CREATE', reasonOf(cause), { cause, facts })
    }
  }

  async removeLeftovers(): Promise<number> {
    if (this.#isOpen) return 0
    const groups = await groupsBelow(this.#home)
    for (const group of groups) signalGroup(group, 'SIGKILL')
    await rm(this.#home, { recursive: true, force: true })
    return groups.size
  }

  async stop(): Promise<void> {
    this.#isOpen = false
    await Promise.all([...this.#containers].map((container) => container.destroy()))
    await rm(this.#home, { recursive: true, force: true })
    // Another invoker may have its state beside ours.
    await rmdir(this.#options.stateDir).catch(() => undefined)
  }

  #launchOf(spec: ContainerSpec): RuntimeLaunch {
    if (spec.image !== undefined) {
      throw new Fault('IMAGE_MISSING', `"${spec.image}" is a container image, and the factory "${this.name}" runs none`)
    }
    const launch = this.#options.launchOf(spec.kind)
    if (launch === undefined) throw new Fault('KIND_UNAVAILABLE', `"${spec.kind}" has no runtime on this invoker`)
    return launch
  }

  async #start(spec: ContainerSpec, launch: RuntimeLaunch): Promise<Container> {
    if (!this.#isOpen) throw new Error('the factory does not run')
    this.#number += 1
    const place = { folder: join(this.#home, `${this.#number}`), socketPath: join(this.#home, `${this.#number}.s`) }
    await mkdir(place.folder, { mode: 0o700 })
    try {
      return await this.#spawn(spec, launchHere(launchFor(launch, spec.memoryMb)), place)
    } catch (error) {
      await rm(place.folder, { recursive: true, force: true })
      throw error
    }
  }

  async #spawn(
    spec: ContainerSpec,
    { command, env }: Pick<RuntimeLaunch, 'command' | 'env'>,
    { folder, socketPath }: Place,
  ): Promise<Container> {
    const { kernel, openLogs, log } = this.#options
    const [program = '', ...words] = command
    const socket = kernel.listen(socketPath)
    const stdout = kernel.pipe()
    const stderr = kernel.pipe()
    const logs = openLogs({ stdout: reader(stdout.readFd), stderr: reader(stderr.readFd) })
    const child = spawn(program, words, {
      cwd: folder,
      // Nothing of our own environment: it holds secrets.
      env: { ...env, ...spec.env, WARMWHISK_LISTEN_FD: '3' },
      stdio: ['ignore', stdout.writeFd, stderr.writeFd, socket.fd],
      detached: true,
    })
    closeSync(stdout.writeFd)
    closeSync(stderr.writeFd)
    socket.release()
    try {
      await once(child, 'spawn')
    } catch (error) {
      socket.close()
      throw error
    }
    const container: ProcessContainer = new ProcessContainer({
      spec,
      child,
      // Node sets it before it says "spawn".
      pid: child.pid as number,
      socket,
      logs,
      folder,
      log,
      onGone: () => this.#containers.delete(container),
    })
    this.#containers.add(container)
    return container
  }
}

function reader(fd: number): Socket {
  return new Socket({ fd, readable: true, writable: false })
}
