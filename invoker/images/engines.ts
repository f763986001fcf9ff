import { Fault } from '../faults/fault.ts'
import type { ImageEngine } from '../ports/image-engine.ts'
import type { Log } from '../ports/log.ts'

/** The engines that work on this machine. None, before it is known. */
export class Engines {
  readonly #all: readonly ImageEngine[]
  readonly #log: Log
  #working: readonly ImageEngine[] = []

  constructor({ engines, log }: { readonly engines: readonly ImageEngine[]; readonly log: Log }) {
    this.#all = engines
    this.#log = log
  }

  /** Finds out which work, and says why others do not. */
  async probe(): Promise<void> {
    const reasons = await Promise.all(this.#all.map((engine) => this.#whyNot(engine)))
    this.#working = this.#all.filter((_, index) => reasons[index] === undefined)
  }

  /** What builds images of a kind: the first that serves it. */
  of(kind: string): ImageEngine | undefined {
    return this.#working.find((engine) => engine.serves(kind))
  }

  /** @throws Fault KIND_UNAVAILABLE where nothing builds images of a kind */
  needed(kind: string): ImageEngine {
    const engine = this.of(kind)
    if (engine !== undefined) return engine
    throw new Fault('KIND_UNAVAILABLE', `no image engine that works on this machine serves "${kind}"`)
  }

  async #whyNot(engine: ImageEngine): Promise<string | undefined> {
    try {
      const reason = await engine.unavailable()
      if (reason !== undefined) this.#log.warn('image engine unavailable', { engine: engine.name, reason })
      return reason
    } catch (error) {
      this.#log.error('image engine cannot be asked', { engine: engine.name, error })
      return 'it cannot be asked'
    }
  }
}
