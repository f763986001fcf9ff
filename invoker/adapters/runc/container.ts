import type { Restored } from '../../domain/dependency-image.ts'
import { howEnded } from '../../domain/process-end.ts'
import type { Container, ContainerLogs, ContainerSpec, Endpoint } from '../../ports/containers.ts'
import type { ControlGroup } from '../../ports/kernel.ts'
import type { EmptyParts, KnownProcess } from './empty-parts.ts'

/** What a container was before its runtime came. */
interface Home {
  readonly spec: ContainerSpec
  readonly parts: EmptyParts
  destroy(): Promise<void>
}

/**
 * A container of runc with a runtime. The first process holds its namespaces and its control groups; the runtime was started
 * beside it or moved in, and need not be our child. Paused or not is known to the kernel alone.
 */
export class RuncContainer implements Container {
  readonly id: string
  readonly spec: ContainerSpec
  readonly endpoint: Endpoint
  readonly logs: ContainerLogs
  readonly exited: Promise<string>
  readonly restored?: Restored
  /** Process that holds the namespaces, by the host's number. */
  readonly initPid: number
  /** The runtime's process, by the host's number. */
  readonly runtimePid: number
  readonly cgroup: ControlGroup
  readonly address: string | undefined
  readonly #home: Home

  /** `home` is the container without the runtime, and removes it all. */
  constructor(home: Home, runtime: KnownProcess & { readonly restored?: Restored }) {
    const { id, socket, logs, cgroup, lease, init } = home.parts
    this.#home = home
    this.id = id
    this.spec = home.spec
    this.endpoint = { socketPath: socket.path }
    this.logs = logs
    this.cgroup = cgroup
    this.address = lease.address
    this.initPid = init.pid
    this.runtimePid = runtime.pid
    this.exited = runtime.ended.then((end) => `The runtime ended ${howEnded(end)}`)
    if (runtime.restored !== undefined) this.restored = runtime.restored
  }

  async pause(): Promise<void> {
    await this.cgroup.freeze()
  }

  async resume(): Promise<void> {
    await this.cgroup.thaw()
  }

  /** Temporary directories keep the size that they were made with. */
  resize(size: { readonly memoryMb: number; readonly cpuShares: number }): void {
    this.cgroup.resize(size)
  }

  async wasOutOfMemory(): Promise<boolean> {
    return this.cgroup.oomKills() > 0
  }

  destroy(): Promise<void> {
    return this.#home.destroy()
  }
}
