/**
 * What of one partition was taken, what is done, and what may be committed. Invariants: an offset is taken once, in
 * rising order; `committable` never passes one that was taken and is not done. It outlives rebalances, and so knows what
 * the broker hands out again. Offsets are numbers here: 2^53 of them are enough.
 */
export class OffsetTracker {
  /** Taken offsets from the lowest that is not done on, rising; entries before `#head` are over. */
  #taken: number[] = []
  #head = 0
  readonly #doneAhead = new Set<number>()
  #next = 0
  #committable = 0
  #committed = 0

  /** Whether to hand this one out: false for an offset that was taken before. */
  take(offset: number): boolean {
    if (offset < this.#next) return false
    this.#next = offset + 1
    this.#taken.push(offset)
    return true
  }

  /** Notes the end of a message that was taken. */
  done(offset: number): void {
    if (this.#taken[this.#head] !== offset) {
      if (offset >= this.#committable && offset < this.#next) this.#doneAhead.add(offset)
      return
    }
    let last = offset
    this.#head += 1
    for (let next = this.#taken[this.#head]; next !== undefined && this.#doneAhead.delete(next); ) {
      last = next
      this.#head += 1
      next = this.#taken[this.#head]
    }
    this.#committable = last + 1
    if (this.#head > 1024 && this.#head * 2 > this.#taken.length) {
      this.#taken = this.#taken.slice(this.#head)
      this.#head = 0
    }
  }

  /** The offset to commit: that of the first message not done. Undefined when that is committed already. */
  toCommit(): number | undefined {
    return this.#committable > this.#committed ? this.#committable : undefined
  }

  /** Notes what the broker confirmed. */
  committed(offset: number): void {
    this.#committed = Math.max(this.#committed, offset)
  }

  /** Whether the partition now ends before what was taken from it: its topic was deleted and made anew. */
  isBeyond(end: number): boolean {
    return this.#next > end
  }
}
