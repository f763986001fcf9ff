/** What is known of one live image's cold starts. */
export interface StemDemand {
  readonly key: string
  /** Cold starts a second that the image serves, over a short time and over a long one. */
  readonly recentPerSecond: number
  readonly usualPerSecond: number
  /** Most cold starts that came within the time that making one stem cell takes, lately. */
  readonly burst: number
  /** How long making one takes. */
  readonly makeMs: number
  /** What one takes while it waits. */
  readonly heldBytes: number
  /** Count that the manifest asks for. */
  readonly pinned: number
  /** Seconds that a start waits less for one: which image comes first where memory is short. */
  readonly savedMs: number
}

/** Bounds of a forecast. */
export interface StemBounds {
  readonly perImage: number
  readonly budgetBytes: number
}

/** How many warm stem cells each image is to have, by key. Pinned counts come first, then what saves most per byte. */
export function forecastStems(_demands: readonly StemDemand[], _bounds: StemBounds): ReadonlyMap<string, number> {
  return new Map()
}
