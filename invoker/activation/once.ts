import { RecentIds } from './recent-ids.ts'

/**
 * Does the work of an activation once, although its message may come again while the process lives: a broker hands out anew,
 * after a rebalance, what was not committed.
 */
export class Once {
  readonly #running = new Map<string, Promise<void>>()
  readonly #ended: RecentIds

  constructor(remembered = 10_000) {
    this.#ended = new RecentIds(remembered)
  }

  /** The promise of the work: of this call, or of an earlier one with the same id. */
  run(id: string, work: () => Promise<void>): Promise<void> {
    const running = this.#running.get(id)
    if (running !== undefined) return running
    if (this.#ended.has(id)) return Promise.resolve()
    const mine = this.#follow(id, work)
    this.#running.set(id, mine)
    return mine
  }

  async #follow(id: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } finally {
      this.#running.delete(id)
      this.#ended.add(id)
    }
  }
}
