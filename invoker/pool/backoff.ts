import type { Clock } from '../ports/clock.ts'

const longestMs = 5 * 60_000

/** Leaves alone what fails: after each failure in a row for twice as long, up to five minutes. */
export class Backoff {
  readonly #clock: Clock
  readonly #firstMs: number
  #failures = 0
  #cancel: (() => void) | undefined

  constructor(options: { readonly clock: Clock; readonly firstMs: number }) {
    this.#clock = options.clock
    this.#firstMs = options.firstMs
  }

  /** Whether it is left alone now. */
  get isWaiting(): boolean {
    return this.#cancel !== undefined
  }

  /** It failed: calls back when it may be tried again. Gives how long that is, undefined while it waits already. */
  failed(again: () => void): { readonly waitMs: number; readonly failures: number } | undefined {
    if (this.#cancel) return undefined
    const waitMs = Math.min(this.#firstMs * 2 ** this.#failures, longestMs)
    this.#failures += 1
    this.#cancel = this.#clock.after(waitMs, () => {
      this.#cancel = undefined
      again()
    })
    return { waitMs, failures: this.#failures }
  }

  succeeded(): void {
    this.#failures = 0
  }

  /** Never calls back any more. */
  stop(): void {
    this.#cancel?.()
  }
}
