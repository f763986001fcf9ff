import { Background } from '../lib/background.ts'
import type { Clock } from '../ports/clock.ts'
import type { DocumentStore } from '../ports/documents.ts'
import type { Log } from '../ports/log.ts'
import { asDocument } from './as-document.ts'

/** How many records one step of a sweep removes. */
const step = 200

/** What a {@link Retention} works with: records whose start is older than `maxAgeMs` go, looked for every `everyMs`. */
export interface RetentionOptions {
  readonly activations: DocumentStore
  readonly clock: Clock
  readonly log: Log
  readonly maxAgeMs: number
  readonly everyMs?: number
}

/** Removes old activation records. For a store of our own: a CouchDB has its deployment's cleanup tools. */
export class Retention {
  readonly #options: RetentionOptions
  readonly #background: Background
  #cancel: (() => void) | undefined
  #isStopped = false

  constructor(options: RetentionOptions) {
    this.#options = options
    this.#background = new Background((what, error) => options.log.warn(`cannot ${what}`, { error }))
  }

  /** Sweeps now and then periodically, in the background. */
  start(): void {
    this.#background.run('remove old activations', this.#round())
  }

  /** Ends after the step at hand. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel?.()
    await this.#background.idle()
  }

  /** Removes every record that is too old now and gives how many. */
  async sweep(): Promise<number> {
    const oldest = this.#options.clock.now() - this.#options.maxAgeMs
    let removed = 0
    while (!this.#isStopped) {
      const rows = await this.#options.activations.view('activations', 'byDate', { endKey: oldest, limit: step })
      const gone = rows.flatMap(({ value }) => {
        const [_id, _rev] = Array.isArray(value) ? value : []
        return typeof _id === 'string' && typeof _rev === 'string' ? [asDocument({ _id, _rev, _deleted: true })] : []
      })
      const results = await this.#options.activations.bulk(gone)
      const done = results.filter((result) => !('conflict' in result)).length
      if (done === 0) break
      removed += done
    }
    return removed
  }

  async #round(): Promise<void> {
    try {
      const removed = await this.sweep()
      if (removed > 0) this.#options.log.info('old activations removed', { removed })
    } finally {
      if (!this.#isStopped)
        this.#cancel = this.#options.clock.after(this.#options.everyMs ?? 600_000, () => this.start())
    }
  }
}
