import { Fault } from '../../faults/fault.ts'
import type { ImageEngine } from '../../ports/image-engine.ts'
import type { Log } from '../../ports/log.ts'

/** The engines that work on this machine. None, before it is known. */
export class Engines {
  readonly #all: readonly ImageEngine[]
  readonly #log: Log
  readonly #working = new Set<ImageEngine>()
  #probes = new Map<ImageEngine, Promise<void>>()

  constructor({ engines, log }: { readonly engines: readonly ImageEngine[]; readonly log: Log }) {
    this.#all = engines
    this.#log = log
  }

  /** Finds out which work, each for itself: one may take long. `onWorking` is called, and waited for, after each that does. */
  async probe(onWorking: () => Promise<void>): Promise<void> {
    this.#probes = new Map(this.#all.map((engine) => [engine, this.#probe(engine, onWorking)]))
    await Promise.all(this.#probes.values())
  }

  /** What builds images of a kind: the first that serves it. */
  of(kind: string): ImageEngine | undefined {
    return this.#all.find((engine) => this.#working.has(engine) && engine.serves(kind))
  }

  /**
   * The same, once it is known.
   * @throws Fault KIND_UNAVAILABLE where nothing builds images of a kind
   */
  async needed(kind: string): Promise<ImageEngine> {
    await Promise.all(this.#all.map((engine) => engine.serves(kind) && this.#probes.get(engine)))
    const engine = this.of(kind)
    if (engine !== undefined) return engine
    throw new Fault('KIND_UNAVAILABLE', `no image engine that works on this machine serves "${kind}"`)
  }

  async #probe(engine: ImageEngine, onWorking: () => Promise<void>): Promise<void> {
    if ((await this.#whyNot(engine)) !== undefined) return
    this.#working.add(engine)
    await onWorking()
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
