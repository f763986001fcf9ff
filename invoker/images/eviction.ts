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
  /** Bytes that the shelf is to take at most afterwards, with those that are about to come. */
  readonly budgetBytes: number
  /** Whether activations wait for memory: then the pinned go too, last. */
  readonly isPressed: boolean
}

/** Keys of live images to drop, in order, so that the rest is within the budget as far as possible. */
export function chooseEvictions(_images: readonly ShelfView[], _need: EvictionNeed): readonly string[] {
  return []
}
