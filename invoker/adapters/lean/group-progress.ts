/** How far one group has come in a topic: every offset below `low` is done, and those above it that are done are listed. */
export class GroupProgress {
  readonly #doneAhead = new Set<number>()
  #low: number

  constructor(low: number) {
    this.#low = low
  }

  /** The lowest offset that is not done. */
  get low(): number {
    return this.#low
  }

  /** Done offsets above the lowest that is not. */
  get doneAhead(): Iterable<number> {
    return this.#doneAhead
  }

  isDone(offset: number): boolean {
    return offset < this.#low || this.#doneAhead.has(offset)
  }

  /** Notes that a message is done; gives whether `low` rose. */
  done(offset: number): boolean {
    if (offset !== this.#low) {
      if (offset > this.#low) this.#doneAhead.add(offset)
      return false
    }
    do this.#low += 1
    while (this.#doneAhead.delete(this.#low))
    return true
  }
}
