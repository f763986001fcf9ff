import type { EngineName, ImageRecipe, ImageSizes, TimedImport } from '../domain/dependency-image.ts'
import type { Container, ContainerSpec } from './containers.ts'

/** How a build goes on: `done` of `total` imports, and what is being imported or done now. */
export interface BuildProgress {
  readonly done: number
  readonly total: number
  readonly now: string
}

/** Bounds of a build. The signal ends it; nothing is left then. */
export interface BuildLimits {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly memoryMb: number
  onProgress(progress: BuildProgress): void
}

/**
 * Builds images that are restored by one mechanism. Contract: test/contract/image-engine.contract.ts.
 * An image never runs user code, and holds no environment but that of its runtime build.
 */
export interface ImageEngine {
  readonly name: EngineName
  /** Whether it builds images of this kind. */
  serves(kind: string): boolean
  /** Why it cannot work on this machine, as a sentence; undefined when it can. */
  unavailable(): Promise<string | undefined>
  /**
   * Imports what the recipe says, at low priority, and tries a first restore.
   * @throws Fault IMAGE_UNSUITABLE when these packages cannot be restored (threads, sockets, broken after restoring), with the
   * reason; IMAGE_BUILD for everything else: memory, time, an import that fails. Nothing is left of it then.
   */
  build(recipe: ImageRecipe, limits: BuildLimits): Promise<LiveImage>
  /** Drops every image and gives back what the engine holds. Containers that were restored live on. */
  stop(signal: AbortSignal): Promise<void>
}

/** An image that is resident on this machine. */
export interface LiveImage {
  readonly recipe: ImageRecipe
  /** What was imported, each with its time here. */
  readonly imports: readonly TimedImport[]
  /** Every module that is loaded in it, by its full name; absent where the engine does not know. */
  readonly loaded?: readonly string[]
  readonly sizes: ImageSizes
  readonly buildMs: number
  /** Resolves once when it can be restored no more, with a sentence that says why. After `drop` too. */
  readonly ended: Promise<string>
  /** What it costs now, in bytes: its own share of memory (PSS), or of a tmpfs. */
  residentBytes(): Promise<number>
  /** What a restored copy takes of its own while it waits, in bytes, as last measured; undefined: not yet, or the engine cannot tell. */
  readonly copyBytes?: number | undefined
  /**
   * Whether it can be restored for an action of so much memory now; where it cannot, asking has it made ready for that in the
   * background. Absent: for any. A copy that waits (a warm stem cell) is for this memory only.
   */
  fits?(memoryMb: number): boolean
  /**
   * Puts a running copy into a container of its own. The container's `restored` is set.
   * @throws Fault IMAGE_RESTORE when that fails, CONTAINER_CREATE when there is no container. Nothing is left of it then.
   */
  restore(spec: ContainerSpec, signal: AbortSignal): Promise<Container>
  /** Ends it. Containers that were restored live on. Never rejects; may be called again. */
  drop(): Promise<void>
}
