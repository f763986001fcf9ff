import type { Distribution } from '../domain/dependency-image.ts'

/** What can be imported in a runtime build. */
export interface BuildInventory {
  readonly kind: string
  /** Digest of the runtime build: interpreter, our runtime, layers. */
  readonly runtimeBuild: string
  /** By name. */
  readonly distributions: ReadonlyMap<string, Distribution>
  /** Which distribution a top-level module belongs to (`PIL` → `pillow`); modules of the interpreter are absent. */
  readonly modules: ReadonlyMap<string, string>
  /** Which installed distributions each one names as its requirements. What is in an image with it, directly or not. */
  readonly requires: ReadonlyMap<string, readonly string[]>
  /** Where a package that is missing could be added, as a sentence for the operator. */
  readonly howToAdd: string
}

/** Looks into runtime builds. */
export interface Inventory {
  /** Architecture and a digest of the CPU's features of this machine. */
  readonly machine: { readonly architecture: string; readonly cpu: string }
  /** What a kind's build holds; read once and again when something changed on disk. @throws Fault KIND_UNAVAILABLE */
  of(kind: string): Promise<BuildInventory>
  /**
   * Whether these distributions are on disk as they were when they were read. Fast: asked again and again for live images.
   * False also when the build is another.
   */
  isCurrent(kind: string, distributions: readonly Distribution[]): Promise<boolean>
}
