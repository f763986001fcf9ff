import { rm } from 'node:fs/promises'
import { constants } from 'node:os'
import { within } from '../../lib/within.ts'
import type { Container, ContainerLogs, ContainerSpec, Endpoint } from '../../ports/containers.ts'
import type { ControlGroup, ListeningSocket, ProcessEnd } from '../../ports/kernel.ts'
import type { Log } from '../../ports/log.ts'
import type { NetworkLease } from './network/network.ts'
import type { RuncCli } from './runc-cli.ts'

/** How long the processes of a container may take to end when they are killed: one may be writing to a slow disk. */
const END_MS = 10_000

/** What a started container consists of. */
export interface ContainerParts {
  readonly spec: ContainerSpec
  readonly bundle: string
  readonly socket: ListeningSocket
  readonly lease: NetworkLease
  readonly logs: ContainerLogs
  readonly cgroup: ControlGroup
  readonly init: { readonly pid: number; readonly ended: Promise<ProcessEnd> }
  readonly runtime: { readonly pid: number; readonly ended: Promise<ProcessEnd> }
  readonly runc: RuncCli
  readonly log: Log
  /** Called once, when everything is gone. */
  readonly onGone: () => void
}

/**
 * A container of runc. The first process holds its namespaces and its control groups; the runtime was started beside it.
 * Paused or not is known to the kernel alone.
 */
export class RuncContainer implements Container {
  readonly id: string
  readonly spec: ContainerSpec
  readonly endpoint: Endpoint
  readonly logs: ContainerLogs
  readonly exited: Promise<string>
  /** Process that holds the namespaces, by the host's number. A restored process joins those. */
  readonly initPid: number
  readonly cgroup: ControlGroup
  readonly address: string | undefined
  readonly #parts: ContainerParts
  #isInitRunning = true
  #destroyed: Promise<void> | undefined

  constructor(parts: ContainerParts) {
    this.#parts = parts
    this.id = parts.spec.name
    this.spec = parts.spec
    this.endpoint = { socketPath: parts.socket.path }
    this.logs = parts.logs
    this.cgroup = parts.cgroup
    this.address = parts.lease.address
    this.initPid = parts.init.pid
    this.exited = parts.runtime.ended.then((end) => `The runtime ended ${howEnded(end)}`)
    parts.init.ended.then(
      () => {
        this.#isInitRunning = false
      },
      () => undefined,
    )
  }

  async pause(): Promise<void> {
    await this.cgroup.freeze()
  }

  async resume(): Promise<void> {
    await this.cgroup.thaw()
  }

  async wasOutOfMemory(): Promise<boolean> {
    return this.cgroup.oomKills() > 0
  }

  destroy(): Promise<void> {
    this.#destroyed ??= this.#destroy()
    return this.#destroyed
  }

  async #destroy(): Promise<void> {
    const { init, runc, bundle, socket, lease, log, onGone } = this.#parts
    try {
      // The kernel ends every process of a PID namespace with its first one; a frozen one (v1) only after it is thawed.
      // Until its end is seen, the number cannot belong to another process: it is our child and not reaped.
      if (this.#isInitRunning) process.kill(init.pid, 'SIGKILL')
      await this.cgroup.thaw().catch(() => undefined)
      // Where the signal does not do it, `runc delete` has to.
      await within(init.ended, AbortSignal.timeout(END_MS))
      await runc.delete(this.id, bundle)
    } catch (error) {
      log.error('container not removed', { container: this.id, error })
    }
    socket.close()
    await rm(bundle, { recursive: true, force: true }).catch((error: unknown) => {
      log.error('bundle not removed', { container: this.id, error })
    })
    await lease.release()
    onGone()
  }
}

/** `with exit code 1`, `by SIGKILL`. */
function howEnded(end: ProcessEnd): string {
  switch (end.kind) {
    case 'exit':
      return `with exit code ${end.code}`
    case 'signal':
      return `by ${Object.entries(constants.signals).find(([, number]) => number === end.signal)?.[0] ?? end.signal}`
    case 'unknown':
      return 'in a way that nobody saw'
    default:
      return end satisfies never
  }
}
