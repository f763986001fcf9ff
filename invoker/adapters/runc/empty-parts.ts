import type { ProcessEnd } from '../../domain/process-end.ts'
import type { ContainerLogs, ContainerSpec } from '../../ports/containers.ts'
import type { ControlGroup, ListeningSocket } from '../../ports/kernel.ts'
import type { Log } from '../../ports/log.ts'
import type { NetworkLease } from './network/network.ts'
import type { Confinement } from './options.ts'
import type { RuncCli } from './runc-cli.ts'

/** A process, by the host's number, and its end. */
export interface KnownProcess {
  readonly pid: number
  readonly ended: Promise<ProcessEnd>
}

/** What a container is for. One that was made ahead of time is told when it is taken. */
export interface Purpose {
  readonly spec: ContainerSpec
  /** Whole environment of its runtime. */
  readonly env: Readonly<Record<string, string>>
}

/** What a container without a runtime consists of. */
export interface EmptyParts {
  /** Its name on the host. */
  readonly id: string
  readonly purpose: Purpose
  readonly bundle: string
  readonly socket: ListeningSocket
  readonly lease: NetworkLease
  readonly logs: ContainerLogs
  readonly cgroup: ControlGroup
  readonly init: KnownProcess
  /** Write ends of the pipes that `logs` reads; ours until a runtime has them. */
  readonly streams: { readonly stdout: number; readonly stderr: number }
  readonly confinement: Confinement
  /** Compiled seccomp filter of our containers; undefined: it could not be read. */
  readonly seccomp: () => Buffer | undefined
  readonly runc: RuncCli
  readonly log: Log
  /** Called once, when everything is gone. */
  readonly onGone: () => void
}
