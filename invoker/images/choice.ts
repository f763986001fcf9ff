import type { Want } from './want.ts'

/** A live image, as choosing sees it. */
export interface LiveView {
  readonly key: string
  readonly kind: string
  readonly runtimeBuild: string
  /** Import time in ms by distribution, 0 for those that came with others. Empty: the base image. */
  readonly distributions: ReadonlyMap<string, number>
  /** Full names of the modules that are loaded in it, as far as known. */
  readonly loaded: ReadonlySet<string>
  readonly residentBytes: number
  /** What a restore takes, as measured or expected. */
  readonly restoreMs: number
}

/** Bounds of a choice. */
export interface ChoiceBounds {
  /** How much of an image, by its import time, may be what the code does not need: 0 to 1. */
  readonly wasteShare: number
  /** The same by its size. */
  readonly wasteBytes: number
  /** What a fresh runtime takes until it could import anything. */
  readonly startMs: number
}

/** Key of the live image that starts the code soonest at the smallest cost; undefined: none is better than without. */
export function chooseImage(
  _want: Want,
  _among: { readonly images: Iterable<LiveView>; readonly bounds: ChoiceBounds },
): string | undefined {
  return undefined
}
