import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Demand } from '../pool/demand.ts'
import type { Errand, Lease } from '../pool/lease.ts'
import type { ExchangeLimits } from '../ports/action-client.ts'
import type { ImportLearner } from '../ports/images.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'

/** A runtime that is no slower than its start answers sooner. */
const learnLimits: ExchangeLimits = { timeoutMs: 5_000, maxBytes: 1024, truncationBytes: 0 }
/** Whoever wants the container next waits for this. */
const importsLimits: ExchangeLimits = { timeoutMs: 2_000, maxBytes: 1024 * 1024, truncationBytes: 0 }

/** A recording that has begun. */
export interface Recording {
  /** What it took to begin. */
  readonly tookMs: number
  /** Fetches what was recorded, for the learner. */
  readonly errand: Errand
}

/** Has runtimes record what code imports that nobody has seen before. What goes wrong teaches nothing, and harms nothing. */
export class ImportRecording {
  readonly #learner: ImportLearner
  readonly #log: Log
  readonly #meter: Meter

  constructor(options: { readonly learner: ImportLearner; readonly log: Log; readonly meter: Meter }) {
    this.#learner = options.learner
    this.#log = options.log
    this.#meter = options.meter
  }

  /** Begins to record in a container before /init; undefined where that teaches nothing, or the runtime cannot. Never rejects. */
  async begin(lease: Lease, demand: Demand): Promise<Recording | undefined> {
    const { endpoint, restored } = lease.container
    // Only our own runtimes listen on a Unix socket.
    if (!('socketPath' in endpoint) || !this.#learner.isUnknown(demand.action, restored?.image)) return undefined
    const exchange = await lease.connection.learn(learnLimits)
    if (exchange.kind !== 'answered' || exchange.statusCode !== 200) return undefined
    return { tookMs: exchange.elapsedMs, errand: () => this.#fetch(lease, demand) }
  }

  async #fetch({ connection, container }: Lease, demand: Demand): Promise<void> {
    // The acks of the activation go first.
    await nextTurn()
    const exchange = await connection.imports(importsLimits)
    if (exchange.kind !== 'answered' || exchange.statusCode !== 200) {
      this.#log.debug('imports cannot be learned', { container: container.id, exchange: exchange.kind })
      this.#meter.count('counter_invoker_importsUnlearned_counter_total')
      return
    }
    const { restored } = container
    this.#learner.learn(demand, { answer: exchange.body, ...(restored && { image: restored.image }) })
  }
}
