import { Background } from '../lib/background.ts'
import type { Clock } from '../ports/clock.ts'
import type { DocumentStore } from '../ports/documents.ts'
import type { Log } from '../ports/log.ts'

/** What a {@link Blacklist} works with. */
export interface BlacklistOptions {
  readonly subjects: DocumentStore
  readonly clock: Clock
  readonly log: Log
  readonly everyMs?: number
}

/** Namespaces that may not run (protocol reference 4.8), read anew every 5 minutes. A failed reading leaves the last one valid. */
export class Blacklist {
  readonly #options: BlacklistOptions
  readonly #background: Background
  #blocked: ReadonlySet<string> = new Set()
  #cancel: (() => void) | undefined
  #hasRead = false
  #isStopped = false

  constructor(options: BlacklistOptions) {
    this.#options = options
    this.#background = new Background((what, error) => options.log.warn(`cannot ${what}`, { error }))
  }

  /** Whether a namespace is blocked, as of the last reading. */
  has(namespace: string): boolean {
    return this.#blocked.has(namespace)
  }

  /** Begins to read, now and then periodically. The first reading has ended, well or not, when it resolves. */
  async start(): Promise<void> {
    this.#refresh()
    await this.#background.idle()
  }

  /** Reads no more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel?.()
    await this.#background.idle()
  }

  #refresh(): void {
    this.#background.run('read the blacklist', this.#read())
  }

  async #read(): Promise<void> {
    try {
      const rows = await this.#options.subjects.view('namespaceThrottlings', 'blockedNamespaces', {
        descending: true,
        reduce: false,
        // The first answer must be whole; later ones may be a little old, as OpenWhisk's.
        ...(this.#hasRead ? { stale: true } : {}),
      })
      this.#blocked = new Set(rows.map((row) => String(row.key)))
      this.#hasRead = true
    } finally {
      if (!this.#isStopped) {
        this.#cancel = this.#options.clock.after(this.#options.everyMs ?? 300_000, () => this.#refresh())
      }
    }
  }
}
