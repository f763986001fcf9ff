/** Called with the name of background work and why it failed. */
export type OnFailure = (what: string, error: unknown) => void

/**
 * Work that outlives its caller and is still owned: it is named, counted, and its failure is reported.
 * `idle()` resolves when nothing is left, so that a stop can wait for it.
 */
export class Background {
  readonly #running = new Set<Promise<void>>()
  readonly #onFailure: OnFailure

  constructor(onFailure: OnFailure) {
    this.#onFailure = onFailure
  }

  /** How many pieces of work have not ended. */
  get size(): number {
    return this.#running.size
  }

  /** Owns `work` until it settles; a rejection goes to the failure handler and nowhere else. */
  run(what: string, work: Promise<unknown>): void {
    const owned: Promise<void> = work.then(
      () => undefined,
      (error: unknown) => this.#onFailure(what, error),
    )
    this.#running.add(owned)
    owned.finally(() => this.#running.delete(owned)).catch(() => undefined)
  }

  /** Resolves when no work is left, work started meanwhile included. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }
}
