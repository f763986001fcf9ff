import { closeSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Restored } from '../../domain/dependency-image.ts'
import { within } from '../../lib/within.ts'
import type { Container, ContainerSpec, Endpoint } from '../../ports/containers.ts'
import type { EmptyContainer, Place } from '../../ports/empty-containers.ts'
import { RuncContainer } from './container.ts'
import { workDir } from './container-config.ts'
import type { EmptyParts, KnownProcess, Purpose } from './empty-parts.ts'
import { type NamespaceFiles, openNamespaces } from './namespace-files.ts'
import { ownOomScore, setOomScore } from './oom-score.ts'

/** How long the processes of a container may take to end when they are killed: one may be writing to a slow disk. */
const END_MS = 10_000

/**
 * A container of runc in which no runtime runs: its first process holds namespaces and control groups. What is ours of it is
 * closed when a runtime has it, or when it is destroyed.
 */
export class RuncEmptyContainer implements EmptyContainer {
  readonly endpoint: Endpoint
  readonly parts: EmptyParts
  #place: { readonly place: Place; readonly files: NamespaceFiles } | undefined
  #purpose: Purpose
  #isInitRunning = true
  #isHandedOver = false
  #destroyed: Promise<void> | undefined

  constructor(parts: EmptyParts) {
    this.parts = parts
    this.#purpose = parts.purpose
    this.endpoint = { socketPath: parts.socket.path }
    parts.init.ended.then(
      () => {
        this.#isInitRunning = false
      },
      () => undefined,
    )
  }

  get spec(): ContainerSpec {
    return this.#purpose.spec
  }

  /** It was made ahead of time, and is for this now; before its place is asked for. @throws Error when the kernel refuses the limits. */
  assign(purpose: Purpose): void {
    this.parts.cgroup.resize(purpose.spec)
    this.#purpose = purpose
  }

  /** Opened when it is asked for: a runtime that runc starts needs none of it. @throws Error when it is occupied or has ended. */
  get place(): Place {
    if (this.#isHandedOver) throw new Error(`"${this.parts.id}" is occupied or gone`)
    this.#place ??= this.#open()
    return this.#place.place
  }

  occupy(runtime: KnownProcess & { readonly restored: Restored }): Container {
    // That of the template, which the kernel shall take first, was inherited.
    setOomScore(runtime.pid, ownOomScore())
    return this.host(runtime)
  }

  /** A runtime has what it needs of us: from here on its end is the end of the streams. */
  host(runtime: KnownProcess & { readonly restored?: Restored }): RuncContainer {
    this.#handOver()
    return new RuncContainer(this, runtime)
  }

  destroy(): Promise<void> {
    this.#destroyed ??= this.#destroy()
    return this.#destroyed
  }

  #open(): { readonly place: Place; readonly files: NamespaceFiles } {
    const { init, cgroup, streams, socket, confinement } = this.parts
    const seccomp = this.parts.seccomp()
    if (seccomp === undefined) throw new Error('the seccomp filter of containers is not known')
    const files = openNamespaces(init.pid, cgroup)
    const { uid, gid, openFiles } = confinement
    return {
      files,
      place: {
        namespaces: files.namespaces,
        controlGroups: files.controlGroups,
        ...streams,
        listener: socket.fd,
        directory: workDir,
        env: this.#purpose.env,
        confinement: { uid, gid, openFiles, seccomp },
      },
    }
  }

  #handOver(): void {
    if (this.#isHandedOver) return
    this.#isHandedOver = true
    const { streams, socket } = this.parts
    closeSync(streams.stdout)
    closeSync(streams.stderr)
    socket.release()
    this.#place?.files.close()
  }

  async #destroy(): Promise<void> {
    const { init, cgroup, runc, bundle, socket, lease, log, onGone } = this.parts
    const container = this.parts.id
    this.#handOver()
    try {
      // The kernel ends every process of a PID namespace with its first one; a frozen one (v1) only after it is thawed.
      // Until its end is seen, the number cannot belong to another process: it is our child and not reaped.
      if (this.#isInitRunning) process.kill(init.pid, 'SIGKILL')
      await cgroup.thaw().catch(() => undefined)
      // Where the signal does not do it, `runc delete` has to.
      await within(init.ended, AbortSignal.timeout(END_MS))
      await runc.delete(container, bundle)
    } catch (error) {
      log.error('container not removed', { container, error })
    }
    socket.close()
    await rm(bundle, { recursive: true, force: true }).catch((error: unknown) => {
      log.error('bundle not removed', { container, error })
    })
    await lease.release()
    onGone()
  }
}
