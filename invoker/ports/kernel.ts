/** A Unix socket that listens. `fd` is to be handed to one process; `close` forgets both the descriptor and the file, once. */
export interface ListeningSocket {
  readonly fd: number
  readonly path: string
  /** Closes our descriptor; a process that inherited it goes on listening. */
  release(): void
  /** Closes our descriptor and removes the file. May be called again. */
  close(): void
}

/** How a process ended. `unknown`: it was no child of ours, or somebody else reaped it. */
export type ProcessEnd =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: number }
  | { readonly kind: 'unknown' }

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
  /** The groups that process `pid` is in now. */
  controlGroup(pid: number): ControlGroup
  /**
   * Ends every process in the groups `name` (a path from the root of each hierarchy) and below, and removes them.
   * @throws Error when a process does not end within seconds.
   */
  removeControlGroups(name: string): Promise<void>
}
