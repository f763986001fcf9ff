import { type Deferred, deferred } from '../lib/deferred.ts'

/** How many batches are sent at once, and how much goes in one. */
export interface BatchLimits {
  readonly maxInFlight: number
  readonly maxBatch: number
}

/** How a batch is sent, and whether a failed one may be the fault of single items, so that each is tried alone. */
export interface BatchSend<T> {
  readonly send: (items: readonly T[]) => Promise<void>
  readonly isWorthSplitting: (error: unknown) => boolean
  readonly limits: BatchLimits
}

interface Entry<T> {
  readonly item: T
  readonly done: Deferred<void>
}

/**
 * Sends together what comes in one turn of the event loop, and what comes while enough sends are in flight (protocol reference
 * 3.1). It begins when the turn is over, so that the answer to whoever waits for the activation goes out before its record is
 * stored. An item's promise has the fate of the send that it was in.
 */
export class Batcher<T> {
  readonly #how: BatchSend<T>
  #waiting: Entry<T>[] = []
  #inFlight = 0
  #isGathering = false
  #idle: Deferred<void> | undefined

  constructor(how: BatchSend<T>) {
    this.#how = how
  }

  /** Resolves when the item was sent; rejects with what its send rejected with. */
  add(item: T): Promise<void> {
    const done = deferred()
    this.#waiting.push({ item, done })
    this.#gather()
    return done.promise
  }

  /** Resolves when nothing waits and nothing is in flight. */
  idle(): Promise<void> {
    if (this.#inFlight === 0 && this.#waiting.length === 0) return Promise.resolve()
    this.#idle ??= deferred()
    return this.#idle.promise
  }

  #gather(): void {
    if (this.#isGathering) return
    this.#isGathering = true
    setImmediate(() => {
      this.#isGathering = false
      this.#next()
    })
  }

  #next(): void {
    const { maxInFlight, maxBatch } = this.#how.limits
    const sent = (): void => this.#sent()
    while (this.#inFlight < maxInFlight && this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, maxBatch)
      this.#waiting = this.#waiting.slice(maxBatch)
      this.#inFlight += 1
      // It never rejects, every outcome goes to the items; both ends are given all the same.
      this.#settle(batch).then(sent, sent)
    }
  }

  async #settle(batch: readonly Entry<T>[]): Promise<void> {
    try {
      await this.#how.send(batch.map(({ item }) => item))
      for (const { done } of batch) done.resolve()
    } catch (error) {
      if (batch.length > 1 && this.#how.isWorthSplitting(error)) {
        for (const entry of batch) await this.#settle([entry])
      } else {
        for (const { done } of batch) done.reject(error)
      }
    }
  }

  #sent(): void {
    this.#inFlight -= 1
    this.#next()
    if (this.#inFlight > 0) return
    this.#idle?.resolve()
    this.#idle = undefined
  }
}
