import { reasonOf } from '../../lib/reason-of.ts'
import type { Log } from '../../ports/log.ts'

/** Tells the log that the broker went and came back: once a cause, and once when it is over. */
export class Outage {
  readonly #log: Log
  readonly #causes = new Set<string>()

  constructor(log: Log) {
    this.#log = log
  }

  /** An attempt failed for a reason that may pass. */
  failed(attempt: string, error: unknown): void {
    const cause = reasonOf(error)
    if (this.#causes.has(cause)) {
      this.#log.debug('kafka does not answer yet', { attempt, cause })
    } else {
      this.#causes.add(cause)
      this.#log.warn('kafka does not answer: trying on', { attempt, cause })
    }
  }

  /** An attempt succeeded. */
  passed(): void {
    if (this.#causes.size === 0) return
    this.#causes.clear()
    this.#log.info('kafka answers again')
  }
}
