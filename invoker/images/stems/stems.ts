import type { Clock } from '../../ports/clock.ts'
import type { StemTarget } from '../../ports/images.ts'

/** Starts that come at once are counted together. */
const soonMs = 10
/** Needs fall with time, too. */
const everyMs = 1000

/** Tells who listens which warm stem cells to have, whenever that changes. */
export class Stems {
  readonly #clock: Clock
  readonly #count: () => readonly StemTarget[]
  readonly #listeners = new Set<() => void>()
  #targets: readonly StemTarget[] = []
  #cancel: (() => void) | undefined
  #isSoon = false
  #isStopped = false

  constructor({ clock, count }: { readonly clock: Clock; count(): readonly StemTarget[] }) {
    this.#clock = clock
    this.#count = count
  }

  get targets(): readonly StemTarget[] {
    return this.#targets
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Counts soon, and again every second. */
  soon(): void {
    if (this.#isSoon || this.#isStopped) return
    this.#isSoon = true
    this.#after(soonMs)
  }

  /** None are wanted any more. */
  stop(): void {
    this.#isStopped = true
    this.#cancel?.()
    this.#set([])
  }

  /** Counts now. */
  count(): void {
    if (!this.#isStopped) this.#set(this.#count())
  }

  #after(ms: number): void {
    this.#cancel?.()
    this.#cancel = this.#clock.after(ms, () => {
      this.#isSoon = false
      this.#after(everyMs)
      this.count()
    })
  }

  #set(targets: readonly StemTarget[]): void {
    if (JSON.stringify(targets) === JSON.stringify(this.#targets)) return
    this.#targets = targets
    for (const listener of [...this.#listeners]) listener()
  }
}
