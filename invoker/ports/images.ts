import type { ExecutableAction } from '../domain/action.ts'
import type { Container, ContainerSpec } from './containers.ts'

/** What an action needs of an image. */
export interface ImageDemand {
  /** Name of the invocation namespace: images may belong to one. */
  readonly namespace: string
  readonly kind: string
  readonly memoryMb: number
  readonly action: ExecutableAction
}

/** Warm stem cells to have: containers that hold a restored image and wait for an action. */
export interface StemTarget {
  /** Key of a live image. */
  readonly image: string
  readonly kind: string
  readonly count: number
  /** What one of them takes while it waits, as measured; never 0. */
  readonly heldMb: number
  /** Memory limit that it waits under; it gets its action's when it is taken. */
  readonly memoryMb: number
}

/**
 * Dependency images, as the container pool sees them. A key names a live image of this process: an identity, and a namespace where
 * images are not shared. Every call is fast and nothing here throws but `restore`.
 */
export interface Images {
  /** Key of the live image that serves the action best; undefined: none is better. */
  choose(demand: ImageDemand): string | undefined
  /**
   * Puts a copy of a live image into a new container.
   * @throws Fault IMAGE_RESTORE, also when the image is gone or its breaker is open; CONTAINER_CREATE.
   */
  restore(key: string, spec: ContainerSpec, signal: AbortSignal): Promise<Container>
  /** Warm stem cells to have now. */
  stems(): readonly StemTarget[]
  /** Calls back whenever `stems` gives something else, until the returned function is called. */
  onStems(listener: () => void): () => void
  /** An action found a container in this way (`warm`, or the name of a start way). */
  started(demand: ImageDemand, way: string): void
  /** Work waits for memory: live images that nobody needs soon are dropped. */
  relieve(): void
}

/** What a runtime recorded, and what its container held before: imports that an image brought along are not recorded. */
export interface RecordedImports {
  /** The JSON text of its answer to /imports, which nobody has checked. */
  readonly answer: string
  /** Id of the image that the container was restored from (`container.restored`); absent where its runtime was started afresh. */
  readonly image?: string
}

/** Learns what actions import, as the activation pipeline sees it. */
export interface ImportLearner {
  /**
   * Whether recording what this code imports would teach something: then its runtime is told to before /init, which delays the
   * first line of user code by some milliseconds. `image` is the id of the image that the container came from, if any.
   */
  isUnknown(action: ExecutableAction, image?: string): boolean
  /** What a runtime recorded, validated here. Never throws. */
  learn(demand: ImageDemand, recorded: RecordedImports): void
}
