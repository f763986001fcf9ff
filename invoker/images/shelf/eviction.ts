import { compareText } from '../../lib/compare-text.ts'

/** A live image, as eviction sees it. */
export interface ShelfView {
  readonly key: string
  readonly residentBytes: number
  readonly isPinned: boolean
  /** Restores that are under way: such an image stays. */
  readonly restoring: number
  /** Seconds a day that it saves now. */
  readonly savedSecondsPerDay: number
  readonly lastUsedMs: number
  /** When it became live. */
  readonly builtMs: number
}

/** How much has to go. */
export interface EvictionNeed {
  readonly nowMs: number
  /** Bytes that the images are to take at most afterwards. */
  readonly budgetBytes: number
  /** Whether activations wait for memory: then the pinned go too, last. */
  readonly isPressed: boolean
}

/** An image that was not used for so long is worth half. */
const halfLifeMs = 30 * 60_000
/** What a new image is taken to save, in seconds a day: it had no time to show it. */
const trust = 1

/**
 * Keys of live images to drop, in order, so that the rest is within the budget as far as possible. What saves least for its
 * bytes goes first, by the plan and by how long ago it was used; never more than has to.
 */
export function chooseEvictions(images: readonly ShelfView[], need: EvictionNeed): readonly string[] {
  let bytes = images.reduce((sum, { residentBytes }) => sum + residentBytes, 0)
  const mayGo = images
    .filter(({ restoring, isPinned }) => restoring === 0 && (need.isPressed || !isPinned))
    .map((image) => ({ image, worth: worth(image, need.nowMs) }))
    .sort(
      (a, b) =>
        Number(a.image.isPinned) - Number(b.image.isPinned) ||
        a.worth - b.worth ||
        compareText(a.image.key, b.image.key),
    )
  const gone: ShelfView[] = []
  for (const { image } of mayGo) {
    if (bytes <= need.budgetBytes) break
    if (image.residentBytes === 0) continue
    gone.push(image)
    bytes -= image.residentBytes
  }
  // A small one that went first may have been in vain once a big one had to follow.
  const kept = new Set<ShelfView>()
  for (const image of gone.toReversed()) {
    if (bytes + image.residentBytes > need.budgetBytes) continue
    kept.add(image)
    bytes += image.residentBytes
  }
  return gone.filter((image) => !kept.has(image)).map(({ key }) => key)
}

/** Seconds a day for each byte, less with the time since it was needed. */
function worth({ savedSecondsPerDay, residentBytes, lastUsedMs, builtMs }: ShelfView, nowMs: number): number {
  const idleMs = Math.max(0, nowMs - Math.max(lastUsedMs, builtMs))
  return ((savedSecondsPerDay + trust) * 0.5 ** (idleMs / halfLifeMs)) / Math.max(1, residentBytes)
}
