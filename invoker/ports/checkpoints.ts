import type { Container, ContainerSpec } from './containers.ts'
import type { EmptyContainers } from './empty-containers.ts'

/** A container whose runtime is going to be checkpointed. All numbers are the host's. */
export interface CheckpointSource {
  readonly container: Container
  /** First process of the container: our child, so that nobody else has its number before the container is destroyed. */
  readonly initPid: number
  /** The runtime. */
  readonly runtimePid: number
}

/** Containers that a process is checkpointed in, and restored into. */
export interface CheckpointContainers extends Pick<EmptyContainers, 'createEmpty'> {
  /**
   * Starts a kind's runtime as for an action, but without a network, and with a number in its PID namespace that is free in every
   * container which a copy comes into: a copy keeps it.
   * @throws Fault CONTAINER_CREATE, KIND_UNAVAILABLE
   */
  startSource(spec: ContainerSpec, signal: AbortSignal): Promise<CheckpointSource>
  /** Puts a file where every container sees it and none can change it; `target` is below a directory of its root. It is no secret. */
  putFile(target: string, content: Uint8Array): Promise<void>
}
