/** Values remembered at most: two copies that follow each other are what may go wrong. */
const MOST = 10_000

/** What copies of an image drew from their random generators first: no two may draw the same. */
export class DrawnValues {
  readonly #known = new Set<string>()

  /** @throws Error when another copy drew one of them, or none was given. */
  add(drawn: unknown): void {
    const values = Array.isArray(drawn) ? drawn.map(String) : []
    if (values.length === 0) throw new Error('the copy did not say what its random generator draws')
    for (const value of values) {
      if (this.#known.has(value)) throw new Error('a random generator draws the same in two copies')
      this.#known.add(value)
    }
    for (const oldest of this.#known) {
      if (this.#known.size <= MOST) return
      this.#known.delete(oldest)
    }
  }
}
