import { backoffMs } from '../../lib/retry.ts'

/** How patiently an image is built again that failed. */
const patience = { tries: Number.POSITIVE_INFINITY, firstDelayMs: 1000, maxDelayMs: 600_000 }

/** When what failed may be tried again: later each time. */
export class Attempts {
  readonly #failed = new Map<string, { readonly count: number; readonly notBeforeMs: number }>()

  /** When it may be tried; 0: at any time. */
  notBeforeMs(key: string): number {
    return this.#failed.get(key)?.notBeforeMs ?? 0
  }

  /** How often it failed since it was well. */
  failures(key: string): number {
    return this.#failed.get(key)?.count ?? 0
  }

  /** It failed once more. Gives how long it is left alone. */
  failed(key: string, nowMs: number): number {
    const count = (this.#failed.get(key)?.count ?? 0) + 1
    // So many doublings end at the longest wait.
    const delayMs = backoffMs(patience, Math.min(count, 16))
    this.#failed.set(key, { count, notBeforeMs: nowMs + delayMs })
    return delayMs
  }

  /** Leaves it alone for a while although it did not fail. */
  hold(key: string, untilMs: number): void {
    this.#failed.set(key, { count: this.#failed.get(key)?.count ?? 0, notBeforeMs: untilMs })
  }

  /** It went well this time: should it fail soon again, it waits longer than the last time. */
  succeeded(key: string): void {
    const failed = this.#failed.get(key)
    if (failed !== undefined) this.#failed.set(key, { ...failed, notBeforeMs: 0 })
  }

  /** It is well, or is to be tried at once. */
  forget(key: string): void {
    this.#failed.delete(key)
  }
}
