/** Remembers at least the last `size` ids, and at most twice as many. */
export class RecentIds {
  readonly #size: number
  #young = new Set<string>()
  #old: ReadonlySet<string> = new Set()

  constructor(size: number) {
    this.#size = size
  }

  add(id: string): void {
    this.#young.add(id)
    if (this.#young.size < this.#size) return
    this.#old = this.#young
    this.#young = new Set()
  }

  has(id: string): boolean {
    return this.#young.has(id) || this.#old.has(id)
  }
}
