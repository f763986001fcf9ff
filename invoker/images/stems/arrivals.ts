/** Time in which the weight of a start falls to a third: of what is lately, and of what is usual. */
const latelyMs = 60_000
const usuallyMs = 6 * 3_600_000
const dayMs = 24 * 3_600_000
/** Bursts are remembered for so long, and so many starts of them. */
const burstsMs = 10 * 60_000
const mostStarts = 128

/** Rates of one image's or code's cold starts, kept in a few numbers; they fall when nothing comes. Times are ms of one clock. */
export class Arrivals {
  #lately = 0
  #usually = 0
  #lastMs = 0
  #starts: number[] = []

  /** A cold start came. */
  note(nowMs: number): void {
    this.#lately = this.#decayed(this.#lately, { nowMs, overMs: latelyMs }) + 1
    this.#usually = this.#decayed(this.#usually, { nowMs, overMs: usuallyMs }) + 1
    this.#lastMs = Math.max(this.#lastMs, nowMs)
    this.#starts.push(nowMs)
    this.#starts = this.#starts.slice(-mostStarts)
  }

  /** Starts a second within about a minute. */
  recentPerSecond(nowMs: number): number {
    return this.#decayed(this.#lately, { nowMs, overMs: latelyMs }) / (latelyMs / 1000)
  }

  /** Starts a second over hours. */
  usualPerSecond(nowMs: number): number {
    return this.#decayed(this.#usually, { nowMs, overMs: usuallyMs }) / (usuallyMs / 1000)
  }

  /** Starts that are expected within a day if things go on as usual. A single one is taken for four a day, for a while. */
  perDay(nowMs: number): number {
    return (this.usualPerSecond(nowMs) * dayMs) / 1000
  }

  /** Most starts that came within a time of this length, in the last minutes. */
  burst(nowMs: number, windowMs: number): number {
    const starts = this.#starts.filter((start) => nowMs - start <= burstsMs)
    let most = 0
    let first = 0
    for (const [index, start] of starts.entries()) {
      while (start - (starts[first] ?? start) > windowMs) first += 1
      most = Math.max(most, index - first + 1)
    }
    return most
  }

  #decayed(weight: number, { nowMs, overMs }: { readonly nowMs: number; readonly overMs: number }): number {
    return weight * Math.exp(-Math.max(0, nowMs - this.#lastMs) / overMs)
  }
}
