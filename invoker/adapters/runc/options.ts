import type { RuntimeLaunch } from '../../domain/runtime-launch.ts'
import type { OpenLogs } from '../../ports/containers.ts'
import type { Kernel } from '../../ports/kernel.ts'
import type { Log } from '../../ports/log.ts'

/** What a container may use. */
export interface Confinement {
  /** User and group of everything inside; never 0. */
  readonly uid: number
  readonly gid: number
  readonly pidsLimit: number
  readonly openFiles: number
  /** Space in /tmp and in the work directory, each; never more than half of the container's memory. */
  readonly tmpBytes: number
}

/** The confinement that the issue and OpenWhisk's `docker run` ask for (protocol reference 6.7). `nobody` owns nothing on a host. */
export const defaultConfinement: Confinement = {
  uid: 65534,
  gid: 65534,
  pidsLimit: 1024,
  openFiles: 1024,
  tmpBytes: 128 * 1024 * 1024,
}

/** How containers reach the world. */
export interface NetworkOptions {
  /** Addresses for the containers of every invoker on this host (CIDR); each takes a free part of it. */
  readonly subnet: string
  /** Network namespaces that are kept ready. */
  readonly ready: number
  /** Port of ours, at the gateway's address, that containers may reach. */
  readonly apiPort?: number
  /** Where name queries go; empty: to the host's resolvers. */
  readonly dnsServers: readonly string[]
  readonly dnsSearch: readonly string[]
  readonly dnsOptions: readonly string[]
}

/** What the factory is made of. */
export interface RuncOptions {
  /** Name of this invoker on the host, `wsk<uniqueName><id>`: everything of it on the host carries the name. */
  readonly instance: string
  /** Parent of the state of all invokers of this host; on a tmpfs, and short: socket paths have 107 bytes. */
  readonly stateDir: string
  /** How the runtime of a kind starts; undefined: this host cannot run it. */
  readonly launchOf: (kind: string) => RuntimeLaunch | undefined
  /** The `linux.seccomp` object of the containers; for this architecture, and one that refuses what it does not name. */
  readonly seccomp: object
  readonly confinement: Confinement
  /** Undefined: containers have a loopback and nothing else. */
  readonly network: NetworkOptions | undefined
  /** Containers that are made at the same time. */
  readonly parallelStarts: number
  /** Whether control groups of the host may be mounted so that processes move quickly between them; absent: yes. */
  readonly quickMoves?: boolean
  /** Containers without a runtime that wait for images to be restored into them, of each kind; none where absent. */
  readonly readyContainers?: number
  readonly kernel: Kernel
  readonly openLogs: OpenLogs
  readonly log: Log
}
