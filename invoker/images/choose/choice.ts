import { compareText } from '../../lib/compare-text.ts'
import type { Want } from '../want/want.ts'
import { type Contents, coverage } from './coverage.ts'

/** A live image, as choosing sees it. */
export interface LiveView extends Contents {
  readonly key: string
  readonly kind: string
  readonly runtimeBuild: string
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

/** Images that save nearly the same are told apart by their sizes: within this, in ms, or this part of what the best saves. */
const nearly = { ms: 2, part: 0.02 }

/**
 * Key of the live image that starts the code soonest, the smallest of those that do nearly as well; undefined: none is better
 * than starting without. An image of another kind or runtime build never serves, nor one that hides what the code brings along.
 */
export function chooseImage(
  want: Want,
  { images, bounds }: { readonly images: Iterable<LiveView>; readonly bounds: ChoiceBounds },
): string | undefined {
  const found: { readonly image: LiveView; readonly saved: number }[] = []
  for (const image of images) {
    const saved = savedMs(want, { image, bounds })
    if (saved > 0) found.push({ image, saved })
  }
  const best = Math.max(...found.map(({ saved }) => saved))
  const enough = best - Math.max(nearly.ms, best * nearly.part)
  const good = found.filter(({ saved }) => saved >= enough).map(({ image }) => image)
  return good.sort((a, b) => a.residentBytes - b.residentBytes || compareText(a.key, b.key))[0]?.key
}

/** How much sooner code starts with an image than without, in ms; 0 where the image must not or should not be used. */
export function savedMs(
  want: Want,
  { image, bounds }: { readonly image: Omit<LiveView, 'key'>; readonly bounds: ChoiceBounds },
): number {
  if (image.kind !== want.kind || image.runtimeBuild !== want.runtimeBuild) return 0
  const { coveredMs, wasteShare, isWrong } = coverage(want, image)
  if (isWrong || wasteShare > bounds.wasteShare) return 0
  if (wasteShare * image.residentBytes > bounds.wasteBytes) return 0
  return Math.max(0, bounds.startMs + coveredMs - image.restoreMs)
}
