import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessEnd } from '../../domain/process-end.ts'
import type { Stoppable } from '../../lib/shutdown.ts'
import type { ControlGroup, Kernel, ListeningSocket, ProcessMemory } from '../../ports/kernel.ts'
import { type CgroupMounts, cgroupFeatures, readCgroupMounts } from './cgroup-files.ts'
import { removeTree } from './cgroup-tree.ts'
import { FileControlGroup } from './control-group.ts'
import { makeSocketPair, sendWithDescriptors } from './descriptors.ts'
import { type Libc, openLibc } from './libc.ts'
import { Orphans } from './orphans.ts'
import { readProcessMemory } from './process-memory.ts'
import { readSeccompFilter } from './seccomp-filter.ts'
import { listenUnix, makePipe } from './sockets.ts'
import { strangeChildren } from './strays.ts'

/** The kernel of this host. One object a process: it makes the process the one that takes orphans. */
export class LinuxKernel implements Kernel, Stoppable {
  readonly cgroups: Kernel['cgroups']
  readonly #libc: Libc
  readonly #orphans: Orphans
  readonly #mounts: CgroupMounts

  constructor() {
    this.#libc = openLibc()
    this.#mounts = readCgroupMounts(readFileSync('/proc/self/mountinfo', 'utf8'))
    this.cgroups = cgroupFeatures(this.#mounts)
    this.#orphans = new Orphans(this.#libc)
    this.#orphans.start()
  }

  listen(path: string): ListeningSocket {
    return listenUnix(this.#libc, path)
  }

  pipe(): { readonly readFd: number; readonly writeFd: number } {
    return makePipe(this.#libc)
  }

  socketPair(): { readonly ours: number; readonly theirs: number } {
    return makeSocketPair(this.#libc)
  }

  sendWithDescriptors(
    socket: number,
    message: { readonly bytes: Buffer; readonly descriptors: readonly number[] },
  ): number {
    return sendWithDescriptors(this.#libc, socket, message)
  }

  seccompFilter(pid: number): Promise<Buffer> {
    return readSeccompFilter(this.#libc, pid)
  }

  memoryOf(pid: number): Promise<ProcessMemory> {
    return readProcessMemory(pid)
  }

  adoptStrays(): number {
    const strays = strangeChildren().filter((pid) => !this.#orphans.isAwaited(pid))
    for (const pid of strays) this.#orphans.ended(pid).catch(() => undefined)
    return strays.length
  }

  ended(pid: number): Promise<ProcessEnd> {
    return this.#orphans.ended(pid)
  }

  controlGroup(pid: number): ControlGroup {
    return new FileControlGroup(this.#mounts, readFileSync(`/proc/${pid}/cgroup`, 'utf8'))
  }

  async removeControlGroups(name: string): Promise<void> {
    // Those that became ours must be reaped: the first process of a PID namespace waits for all others to be.
    const reap = (pid: number): void => {
      this.#orphans.ended(pid).catch(() => undefined)
    }
    for (const mount of new Set(this.#mounts.values())) await removeTree(join(mount, name), reap)
  }

  /** Hears of ends no more. */
  async stop(): Promise<void> {
    this.#orphans.stop()
  }
}
