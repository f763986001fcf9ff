/** The form of identities and documents of images; what has a newer one is left alone. */
export const imageFormat = 1

/** Names of the image engines (design, section 4). */
export type EngineName = 'fork' | 'criu'

/** One installed package of a runtime build. `record` is a digest of its installed files: equal digests, equal files. */
export interface Distribution {
  /** Its canonical name: of a Python distribution as PEP 503 writes it, of an npm package as it is. */
  readonly name: string
  readonly version: string
  readonly record: string
}

/** What a dependency image is. Two of equal identity are interchangeable. */
export interface ImageIdentity {
  readonly kind: string
  /** Digest of the runtime build: interpreter, our runtime, layers. */
  readonly runtimeBuild: string
  /** In order of their names. Empty: the runtime and nothing else. */
  readonly distributions: readonly Distribution[]
  /** As `process.arch` says. */
  readonly architecture: string
  /** Digest of the CPU's features: code that was chosen by them may be in the image. */
  readonly cpu: string
  readonly engine: EngineName
  readonly format: number
}

/** A module that is imported from a runtime build, and what that takes in a fresh process. */
export interface TimedImport {
  /** As user code names it: `sklearn.linear_model`, `@scope/package`. */
  readonly module: string
  readonly distribution: string
  /** What it took, modules that it imports itself included, beyond the imports before it. */
  readonly ms: number
}

/** How to build an image. */
export interface ImageRecipe {
  /** SHA-256 of the identity, in hexadecimal. */
  readonly id: string
  readonly identity: ImageIdentity
  /** What to import, in order. */
  readonly imports: readonly TimedImport[]
}

/** What an image takes while it is resident. */
export interface ImageSizes {
  readonly anonymousBytes: number
  readonly fileBytes: number
  /** Mappings of its address space: restoring by fork copies each. */
  readonly vmas: number
}

/** What one action's code imports from a runtime build, as its runtime saw it while it started. */
export interface ImportProfile {
  /** SHA-256 of the code as it is stored. */
  readonly codeDigest: string
  readonly kind: string
  readonly runtimeBuild: string
  /** In the order in which they were imported. Empty: the code needs nothing of the runtime build. */
  readonly imports: readonly TimedImport[]
}

/** How a container came by its image; annotation `warmwhisk` of the activation that starts in it. */
export interface Restored {
  /** Id of the image. */
  readonly image: string
  readonly engine: EngineName
  /** From when the container was there until the process was about to answer: what takes the place of the imports. */
  readonly restoreMs: number
}
