import type { Restored } from '../domain/dependency-image.ts'
import type { ProcessEnd } from '../domain/process-end.ts'
import type { RuntimeLaunch } from '../domain/runtime-launch.ts'
import type { Container, ContainerSpec, Endpoint } from './containers.ts'
import type { ControlGroup } from './kernel.ts'

/**
 * What a process needs that moves into a container: open descriptors of ours, so that nothing is found by name inside of it. They are
 * closed when the container is occupied or destroyed.
 */
export interface Place {
  readonly namespaces: {
    readonly pid: number
    readonly mnt: number
    readonly cgroup: number
    readonly uts: number
    readonly ipc: number
    readonly net: number
  }
  /** `cgroup.procs` of every control group, open for writing. */
  readonly controlGroups: readonly number[]
  readonly stdout: number
  readonly stderr: number
  /** The control socket, which listens. */
  readonly listener: number
  /** Where the process starts. */
  readonly directory: string
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>
  /** What a process that was started here by the container runtime has. */
  readonly confinement: PlaceConfinement
}

/** Rights of a container's process. It has no capabilities and no way to new ones (no_new_privs). */
export interface PlaceConfinement {
  readonly uid: number
  readonly gid: number
  /** Soft and hard limit of open files; core dumps are 0. */
  readonly openFiles: number
  /** The compiled seccomp filter (`struct sock_filter`s), exactly that of the container. */
  readonly seccomp: Buffer
}

/** A container without a runtime: namespaces, control groups, network, streams and a bound control socket. */
export interface EmptyContainer {
  readonly spec: ContainerSpec
  /** Where its runtime will answer: requests wait until then. */
  readonly endpoint: Endpoint
  readonly place: Place
  /** A process serves here from now on. `ended` resolves when it has; it need not be our child. */
  occupy(runtime: { readonly pid: number; readonly ended: Promise<ProcessEnd>; readonly restored: Restored }): Container
  /** Removes everything. Never rejects. */
  destroy(): Promise<void>
}

/** A process that holds an image, in a container of its own that no action shares. */
export interface TemplateProcess {
  /** Host's number of it. */
  readonly pid: number
  readonly ended: Promise<ProcessEnd>
  readonly cgroup: ControlGroup
  /** The last lines that it printed, for messages. */
  lastWords(): string
  /** Ends it and removes its container. Its forked children, which live in other containers, go on. Never rejects. */
  destroy(): Promise<void>
}

/** What a template process is started with. */
export interface TemplateSpec {
  /** Unique name. */
  readonly name: string
  /** Its command, environment and binds; those of the kind's runtime, but for the program. */
  readonly launch: RuntimeLaunch
  readonly memoryMb: number
  /** Our socket's other end: descriptor 3 of the process. */
  readonly controlFd: number
}

/** Containers for processes that are not started in them but move in, and for those that such processes come from. */
export interface EmptyContainers {
  /** @throws Fault CONTAINER_CREATE */
  createEmpty(spec: ContainerSpec, signal: AbortSignal): Promise<EmptyContainer>
  /**
   * Starts a process in a container with a read-only root, no network, and only the capabilities that forking into other containers
   * needs (docs/security.md); it shares our PID namespace, without which its children could not be born in others.
   * @throws Fault CONTAINER_CREATE
   */
  startTemplate(spec: TemplateSpec, signal: AbortSignal): Promise<TemplateProcess>
}
