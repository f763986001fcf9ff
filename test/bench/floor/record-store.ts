import { Pool } from 'undici'
import { benchNamespace } from '../lib/actions.ts'
import { exchange, jsonHeaders } from '../lib/exchange.ts'

/** Where the floor puts activation records: one PUT each. */
export class RecordStore {
  readonly #pool: Pool
  readonly #path: string
  readonly #headers: readonly string[]

  /** `database` is the URL of the database; a user and password in it go into a header. */
  constructor(database: URL) {
    this.#pool = new Pool(database.origin)
    this.#path = `${database.pathname}/${benchNamespace}%2F`
    const { username, password } = database
    const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)
    this.#headers =
      username === '' ? jsonHeaders : [...jsonHeaders, 'authorization', `Basic ${credentials.toString('base64')}`]
  }

  /** Stores the text of a record without its `_id`, which is the path. */
  put(activationId: string, body: string): Promise<string> {
    return exchange(this.#pool, { method: 'PUT', path: this.#path + activationId, body, headers: this.#headers })
  }

  close(): Promise<void> {
    return this.#pool.close()
  }
}
