import { deferred } from '../lib/deferred.ts'

/** Counts what is inside, so that someone can wait until nothing is. */
export class Gate {
  #inside = 0
  #waiting: (() => void)[] = []

  get size(): number {
    return this.#inside
  }

  enter(): void {
    this.#inside += 1
  }

  leave(): void {
    this.#inside -= 1
    if (this.#inside > 0) return
    for (const tell of this.#waiting) tell()
    this.#waiting = []
  }

  /** Resolves when nothing is inside. */
  empty(): Promise<void> {
    if (this.#inside === 0) return Promise.resolve()
    const { promise, resolve } = deferred()
    this.#waiting.push(resolve)
    return promise
  }
}
