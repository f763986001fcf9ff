import type { ProcessEnd } from '../domain/process-end.ts'

/** A Unix socket that listens. `fd` is to be handed to one process; `close` forgets both the descriptor and the file, once. */
export interface ListeningSocket {
  readonly fd: number
  readonly path: string
  /** Closes our descriptor; a process that inherited it goes on listening. */
  release(): void
  /** Closes our descriptor and removes the file. May be called again. */
  close(): void
}

/** The control groups of one container, in every hierarchy. All values are of the whole container. */
export interface ControlGroup {
  /** Directories on this host: one on cgroup v2, one a hierarchy on v1. */
  readonly paths: readonly string[]
  /** Resolves when every process stands still. @throws Error when they do not within a second. */
  freeze(): Promise<void>
  thaw(): Promise<void>
  /** How many processes the kernel killed for memory. 0 when the group is gone. */
  oomKills(): number
  /** Memory in use, bytes. 0 when the group is gone. */
  memoryBytes(): number
  /** Sets the limit of memory, without swap, and the share of the CPU. @throws Error when the kernel refuses: too much is in use. */
  resize(size: { readonly memoryMb: number; readonly cpuShares: number }): void
  /**
   * `cgroup.procs` of every group, open for writing and closed on exec: a process that writes `0` there moves in. The caller closes
   * them. The kernel asks for the rights of who opened them, not of who writes.
   */
  openProcs(): readonly number[]
}

/** What a process takes, in bytes. Pages that it shares count whole, but in `pssBytes`, where each sharer bears its part. */
export interface ProcessMemory {
  readonly pssBytes: number
  readonly anonymousBytes: number
  readonly fileBytes: number
  /** What it alone takes: pages that it has written and shares with nobody, and its page tables. */
  readonly ownBytes: number
  /** Mappings of its address space. */
  readonly vmas: number
}

/** What container factories need from the kernel beyond Node's own API. */
export interface Kernel {
  /** What the control groups of this host can do beyond limiting memory and processes. */
  readonly cgroups: {
    /** Swap can be limited together with memory. */
    readonly limitSwap: boolean
    /** When memory runs out, all of a group can be killed instead of one process (v2). */
    readonly killGroup: boolean
  }
  /** Binds and listens. The descriptor is closed on exec unless it is passed on purpose. @throws Error with the errno's name. */
  listen(path: string): ListeningSocket
  /** A real pipe (Node makes socket pairs, which cannot be reopened through /dev/stdout). Both ends are closed on exec. */
  pipe(): { readonly readFd: number; readonly writeFd: number }
  /**
   * Resolves when process `pid` has ended, and reaps it. It must be a child of this process, or an orphan whose parent was one
   * (the kernel hands those to us).
   */
  ended(pid: number): Promise<ProcessEnd>
  /** Two connected stream sockets, closed on exec. @throws Error when no descriptor is left. */
  socketPair(): { readonly ours: number; readonly theirs: number }
  /**
   * Sends bytes and copies of descriptors over a Unix socket, and never waits. Gives how many bytes went; the descriptors go with
   * the first of them. @throws Error with the errno's name: EAGAIN when the other end does not read.
   */
  sendWithDescriptors(
    socket: number,
    message: { readonly bytes: Buffer; readonly descriptors: readonly number[] },
  ): number
  /**
   * The compiled seccomp filter (`struct sock_filter`s) that a process runs under. It stands still for some microseconds. One that
   * is being started may get its filter a moment later: it is asked again for a second.
   * @throws Error when it has none or several, or does not stand still.
   */
  seccompFilter(pid: number): Promise<Buffer>
  /** @throws Error when there is no such process. */
  memoryOf(pid: number): Promise<ProcessMemory>
  /**
   * Reaps from now on the children of this process that live in another PID namespace and that nobody waits for: a process that died
   * may have left some that it had told nobody of. Gives how many.
   */
  adoptStrays(): number
  /** The groups that process `pid` is in now. */
  controlGroup(pid: number): ControlGroup
  /**
   * Ends every process in the groups `name` (a path from the root of each hierarchy) and below, and removes them.
   * @throws Error when a process does not end within seconds.
   */
  removeControlGroups(name: string): Promise<void>
}
