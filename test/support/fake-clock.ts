import type { Clock } from '../../invoker/ports/clock.ts'

/** Time that a test moves. Timers run in the order of their times when it is moved past them. */
export class FakeClock implements Clock {
  #nowMs: number
  readonly #timers = new Set<{ readonly atMs: number; readonly call: () => void }>()

  constructor(nowMs = 1_767_225_600_000) {
    this.#nowMs = nowMs
  }

  /** How many timers wait. */
  get timers(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#nowMs
  }

  after(ms: number, call: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, call }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Lets time pass. */
  pass(ms: number): void {
    const untilMs = this.#nowMs + ms
    for (let next = this.#next(untilMs); next; next = this.#next(untilMs)) {
      this.#timers.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.call()
    }
    this.#nowMs = untilMs
  }

  #next(untilMs: number): { readonly atMs: number; readonly call: () => void } | undefined {
    return [...this.#timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]
  }
}
