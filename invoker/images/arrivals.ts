/** Rates of one image's or code's cold starts, kept in a few numbers. */
export class Arrivals {
  /** A cold start came. */
  note(_nowMs: number): void {}

  /** Starts a second lately (within about `recentMs`). */
  recentPerSecond(_nowMs: number): number {
    return 0
  }

  /** Starts a second over hours. */
  usualPerSecond(_nowMs: number): number {
    return 0
  }

  /** Starts that are expected within a day if things go on. */
  perDay(_nowMs: number): number {
    return 0
  }

  /** Most starts within `windowMs` of each other, lately. */
  burst(_nowMs: number, _windowMs: number): number {
    return 0
  }
}
