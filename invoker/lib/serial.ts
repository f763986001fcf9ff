/** Runs asynchronous work one piece after the other, in the order of the calls. */
export class Serial {
  #tail: Promise<unknown> = Promise.resolve()

  /** Runs `work` when everything before it has ended; gives its result or its rejection. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#tail.then(work)
    this.#tail = mine.catch(() => undefined)
    return mine
  }
}
