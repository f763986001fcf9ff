import type { EngineName, ImageSizes, TimedImport } from '../domain/dependency-image.ts'
import type { BuildProgress } from './image-engine.ts'

/**
 * How an image is on one invoker. `live`: resident, can be restored. `building`. `evicted`: was live, and can be built again.
 * `failed`: the last build failed, and may be tried again. `unsuitable`: these packages cannot be restored; not tried again.
 */
export type ResidencyState = 'live' | 'building' | 'evicted' | 'failed' | 'unsuitable'

/** One image on one invoker. Times are ms since the epoch. */
export interface ImageResidency {
  readonly invoker: string
  /** Whose it is where images are not shared; absent: everybody's. */
  readonly namespace?: string
  readonly state: ResidencyState
  /** Why it is so, as a sentence; absent where the state says all. */
  readonly reason?: string
  readonly since: number
  /** Restores since it was first built there. */
  readonly restores: number
  /** When it was restored last; absent: never. */
  readonly lastUsed?: number
}

/** One image, as a row of a list. Plain JSON. */
export interface ImageSummary {
  /** SHA-256 of its identity, in hexadecimal. */
  readonly id: string
  readonly kind: string
  readonly engine: EngineName
  /** `name==version`, in order of their names. Empty: the base image, a runtime and nothing else. */
  readonly packages: readonly string[]
  /** Those of them that are imported themselves; the others are required by these. */
  readonly imported: readonly string[]
  /** How it is on this invoker; absent: never here. */
  readonly state?: ResidencyState
  readonly reason?: string
  /** Whether the manifest keeps it. */
  readonly isPinned: boolean
  /** What it takes now on this invoker, as measured; absent where it is not live. */
  readonly residentBytes?: number
  /** Warm stem cells that are wanted of it now. */
  readonly stemCells: number
  readonly restores: number
  /** What its imports take in a fresh process, in ms: what a restore saves. */
  readonly importMs: number
}

/** Everything that is known of one image. Plain JSON. */
export interface ImageDetails extends ImageSummary {
  readonly runtimeBuild: string
  readonly architecture: string
  readonly cpu: string
  readonly format: number
  /** In the order of the build. */
  readonly imports: readonly TimedImport[]
  /** As last built, on whichever invoker; absent: never built. */
  readonly sizes?: ImageSizes
  readonly buildMs?: number
  /** Every invoker that has or had it. */
  readonly residencies: readonly ImageResidency[]
}

/** What to build: packages, of which the modules that are known to be used are imported, or exactly these modules. */
export interface BuildRequest {
  /** As the runtimes manifest names it; `python:default` and `python` (a family) will do. */
  readonly kind: string
  /** Distributions, as pip or npm names them. */
  readonly packages?: readonly string[]
  /** Modules, as code imports them. Neither: the base image of the kind. */
  readonly modules?: readonly string[]
  /** Whose it is to be, where `images.sharing` is `namespace`; absent where all share. */
  readonly namespace?: string
}

/** Whether an image is to be live; else why not. */
export type AdviceVerdict = 'build' | 'over-budget' | 'covered-by-another' | 'saves-too-little'

/** An image that would be built for the load seen so far. Plain JSON. */
export interface AdvisedImage {
  readonly kind: string
  /** `name==version`. */
  readonly packages: readonly string[]
  /** Those of them that are imported themselves. */
  readonly imported: readonly string[]
  readonly modules: readonly string[]
  /** How many actions' codes it would serve. */
  readonly actions: number
  readonly verdict: AdviceVerdict
  readonly isPinned: boolean
  /** Seconds of imports that it would save in a day, at the load seen so far. */
  readonly savedSecondsPerDay: number
  /** What it takes or would take. */
  readonly bytes: number
  /** Id of the image, and its state here, where there is one. */
  readonly image?: string
  readonly state?: ResidencyState
}

/** What would be built, best first, and what room there is. Plain JSON. */
export interface ImageAdvice {
  readonly images: readonly AdvisedImage[]
  readonly budgetBytes: number
  readonly residentBytes: number
}

/** What an operator may see and do of the dependency images of an invoker. Ids may be cut to a unique beginning. */
export interface ImageAdmin {
  /** Live ones first, then by kind and packages. */
  list(): Promise<readonly ImageSummary[]>
  /** @throws Fault IMAGE_UNKNOWN, also where the beginning of an id is not unique. */
  show(id: string): Promise<ImageDetails>
  /**
   * Builds an image now, after what is being built, and keeps it on the shelf as if it had just been used. Gives at once what is
   * live already.
   * @throws Fault KIND_UNAVAILABLE: no engine builds images of the kind, or there is no such kind; IMAGE_UNKNOWN: a package or
   * module is nowhere in its runtime build (the message says where to add it); IMAGE_UNSUITABLE; IMAGE_BUILD, also where a namespace
   * is missing or is one too many.
   */
  build(request: BuildRequest, onProgress: (progress: BuildProgress) => void): Promise<ImageDetails>
  /**
   * Drops it here and forgets it, everywhere: its document and every residency. What still needs it may have it built again.
   * @throws Fault IMAGE_UNKNOWN; STORE_UNAVAILABLE when it is dropped but not forgotten.
   */
  remove(id: string): Promise<ImageSummary>
  /** What would be built for the load seen so far, and what it would save. */
  advise(): Promise<ImageAdvice>
}
