import type { ChildProcess } from 'node:child_process'
import { rm } from 'node:fs/promises'
import type { Container, ContainerLogs, ContainerSpec, Endpoint } from '../../ports/containers.ts'
import type { ListeningSocket } from '../../ports/kernel.ts'
import type { Log } from '../../ports/log.ts'
import { signalGroup } from './groups.ts'

/** What a container without isolation consists of. */
export interface ProcessParts {
  readonly spec: ContainerSpec
  readonly child: ChildProcess
  readonly pid: number
  readonly socket: ListeningSocket
  readonly logs: ContainerLogs
  /** Work directory. */
  readonly folder: string
  readonly log: Log
  readonly onGone: () => void
}

/** A process group of this host that runs a runtime. What it starts belongs to it, unless it leaves the group on purpose. */
export class ProcessContainer implements Container {
  readonly id: string
  readonly spec: ContainerSpec
  readonly endpoint: Endpoint
  readonly logs: ContainerLogs
  readonly exited: Promise<string>
  readonly #parts: ProcessParts
  #destroyed: Promise<void> | undefined

  constructor(parts: ProcessParts) {
    const { child } = parts
    this.#parts = parts
    this.id = parts.spec.name
    this.spec = parts.spec
    this.endpoint = { socketPath: parts.socket.path }
    this.logs = parts.logs
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve(`The runtime ended ${code === null ? `by ${signal}` : `with exit code ${code}`}`)
      })
    })
  }

  async pause(): Promise<void> {
    this.#signal('SIGSTOP')
  }

  async resume(): Promise<void> {
    this.#signal('SIGCONT')
  }

  /** Nobody limits its memory, so nobody kills it for that. */
  async wasOutOfMemory(): Promise<boolean> {
    return false
  }

  destroy(): Promise<void> {
    this.#destroyed ??= this.#destroy()
    return this.#destroyed
  }

  async #destroy(): Promise<void> {
    const { socket, folder, log, onGone } = this.#parts
    this.#signal('SIGKILL')
    await this.exited
    socket.close()
    await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
      log.error('work directory not removed', { container: this.id, error })
    })
    onGone()
  }

  #signal(signal: NodeJS.Signals): void {
    signalGroup(this.#parts.pid, signal)
  }
}
