import type { ContainerSpec } from '../../ports/containers.ts'
import type { RuncEmptyContainer } from './empty-container.ts'

/** How long nothing may be taken before the stock is filled up: whoever takes is starting something, and wants the CPU. */
const QUIET_MS = 100
/** Memory that they wait with. From here on all containers have equally large temporary directories. */
export const STOCK_MB = 256

/** How a stock is kept. */
export interface StockOptions {
  /** Containers of each kind that was asked for. */
  readonly size: number
  /** Makes one of {@link STOCK_MB}. */
  readonly make: (kind: string) => Promise<RuncEmptyContainer>
  /** One could not be made; the next taking tries again. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Containers without a runtime that were made ahead of time. They hold a process that sleeps, and count as nothing until they are
 * taken. Each is given to one caller, or to none.
 */
export class Stock {
  readonly #options: StockOptions
  readonly #waiting = new Map<string, RuncEmptyContainer[]>()
  #filling: Promise<void> | undefined
  #quiet: NodeJS.Timeout | undefined
  #isOpen = true

  constructor(options: StockOptions) {
    this.#options = options
  }

  /** One that fits, if one waits; what is missing then is made when it is quiet. */
  take({ kind, memoryMb }: ContainerSpec): RuncEmptyContainer | undefined {
    if (this.#options.size === 0 || memoryMb < STOCK_MB) return undefined
    const waiting = this.#of(kind)
    this.#fillLater()
    return waiting.pop()
  }

  /** Makes no more; those that wait are the factory's to destroy. */
  async stop(): Promise<void> {
    this.#isOpen = false
    clearTimeout(this.#quiet)
    await this.#filling
  }

  #of(kind: string): RuncEmptyContainer[] {
    const waiting = this.#waiting.get(kind) ?? []
    this.#waiting.set(kind, waiting)
    return waiting
  }

  #fillLater(): void {
    clearTimeout(this.#quiet)
    this.#quiet = setTimeout(() => {
      this.#filling ??= this.#fill().finally(() => {
        this.#filling = undefined
      })
    }, QUIET_MS)
    this.#quiet.unref()
  }

  /** One after the other, so that it takes one processor at most. */
  async #fill(): Promise<void> {
    try {
      for (const [kind, waiting] of this.#waiting) {
        while (this.#isOpen && waiting.length < this.#options.size) this.#keep(await this.#options.make(kind), waiting)
      }
    } catch (error) {
      if (this.#isOpen) this.#options.onFailure(error)
    }
  }

  #keep(made: RuncEmptyContainer, waiting: RuncEmptyContainer[]): void {
    waiting.push(made)
    // Nobody ends it but the kernel, or somebody from outside.
    made.parts.init.ended
      .then(() => {
        const place = waiting.indexOf(made)
        if (place >= 0) waiting.splice(place, 1)
        return place >= 0 ? made.destroy() : undefined
      })
      .catch(() => undefined)
  }
}
