import nano from 'nano'
import { type Agent, Pool } from 'undici'
import type { Json } from '../../domain/json.ts'
import { isFault } from '../../faults/fault.ts'
import { atLatest } from '../../lib/at-latest.ts'
import { type RetryPolicy, retry } from '../../lib/retry.ts'
import { type BytesCall, exchangeBytes } from './bytes.ts'
import { type Attempt, brokenAnswer, missingDatabase, reasonOf, statusOf, toFault } from './faults.ts'

/** One database of a CouchDB. `timeoutMs` bounds each try of a request; `url` has no credentials in it. */
export interface CouchOptions {
  readonly url: string
  readonly database: string
  readonly username?: string
  readonly password?: string
  readonly timeoutMs?: number
  readonly retry?: RetryPolicy
  readonly connections?: number
}

/** A request for JSON. `isRepeatable`: trying again after a lost answer does no harm. */
export interface Call {
  readonly what: string
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, Json>>
  readonly body?: Json
  readonly isRepeatable: boolean
  readonly signal?: AbortSignal | undefined
}

/**
 * Requests to one database over kept-alive connections. This layer owns the retry: with jitter, of what is retryable, and of writes
 * only when nothing of them was sent. Every failure comes out as a Fault.
 */
export class CouchConnection {
  readonly database: string
  readonly #server: nano.ServerScope
  readonly #pool: Pool
  readonly #root: URL
  readonly #databasePath: string
  readonly #headers: Readonly<Record<string, string>>
  readonly #timeoutMs: number
  readonly #policy: RetryPolicy

  constructor({ url, database, username, password, timeoutMs = 10_000, connections = 128, ...rest }: CouchOptions) {
    this.database = database
    this.#root = new URL(url.endsWith('/') ? url : `${url}/`)
    this.#pool = new Pool(this.#root.origin, {
      connections,
      keepAliveTimeout: 30_000,
      connect: { timeout: timeoutMs },
    })
    this.#databasePath = new URL(`${encodeURIComponent(database)}/`, this.#root).pathname
    this.#headers = username === undefined ? {} : { Authorization: basic(username, password ?? '') }
    this.#timeoutMs = timeoutMs
    this.#policy = rest.retry ?? { tries: 3, firstDelayMs: 50, maxDelayMs: 1000 }
    const settings = {
      url: this.#root.href.replace(/\/$/, ''),
      // A path in the URL is a prefix, not a database. nano's types lack this.
      parseUrl: false,
      headers: { ...this.#headers },
      // nano takes what dispatches; its types ask for a class.
      agentOptions: this.#pool as unknown as typeof Agent,
    }
    this.#server = nano(settings)
  }

  /** The parsed answer; undefined where the answer is 404. @throws Fault. */
  json(call: Call): Promise<Json | undefined> {
    const attempt = this.#attempt(call.what)
    return this.#patiently(call.isRepeatable, async () => {
      try {
        const answer: unknown = await this.#server.request(this.#nanoRequest(call))
        // nano gives an empty text where the connection broke in the middle of the JSON.
        if (typeof answer !== 'object' || answer === null) throw brokenAnswer(attempt)
        return answer as Json
      } catch (error) {
        if (isFault(error)) throw error
        call.signal?.throwIfAborted()
        if (statusOf(error) !== 404) throw toFault(error, attempt)
        if (/database|no_db_file/i.test(reasonOf(error))) throw missingDatabase(attempt)
        return undefined
      }
    })
  }

  /** Bytes of an answer, undefined where it is 404. @throws Fault. */
  bytes(call: BytesCall): Promise<Buffer | undefined> {
    const target = {
      pool: this.#pool,
      databasePath: this.#databasePath,
      headers: this.#headers,
      attempt: this.#attempt(call.what),
    }
    return this.#patiently(call.isRepeatable, () => exchangeBytes(call, target))
  }

  /** The parsed answer to a POST that may be repeated, the short way. @throws Fault. */
  async post(call: { readonly what: string; readonly path: string; readonly body: Json }): Promise<Json> {
    const upload = {
      method: 'POST',
      data: JSON.stringify(call.body),
      contentType: 'application/json',
      query: {},
    } as const
    const answer = await this.bytes({ what: call.what, path: call.path, isRepeatable: true, upload })
    if (answer === undefined) throw missingDatabase(this.#attempt(call.what))
    try {
      return JSON.parse(answer.toString('utf8')) as Json
    } catch {
      // Not JSON: some other server answered, or half of one.
      throw brokenAnswer(this.#attempt(call.what))
    }
  }

  /** Lets what is under way end, at most until the signal aborts. */
  async stop(signal: AbortSignal): Promise<void> {
    const destroy = (): void => {
      this.#pool.destroy().catch(() => undefined) // Closing below fails then, which is all there is to say.
    }
    signal.addEventListener('abort', destroy, { once: true })
    await this.#pool.close()
    signal.removeEventListener('abort', destroy)
  }

  #patiently<T>(isRepeatable: boolean, work: () => Promise<T>): Promise<T> {
    return retry(work, {
      policy: this.#policy,
      isRetryable: (error) => isFault(error) && error.isRetryable && (isRepeatable || error.facts.wasSent === false),
    })
  }

  #nanoRequest({ method = 'GET', path, query, body, signal }: Call): nano.RequestOptions {
    // nano reads `signal` and `dontStringify`; its types lack them. Its own stringify calls a function for every member.
    const options = {
      db: this.database,
      method,
      path,
      signal: signal === undefined ? AbortSignal.timeout(this.#timeoutMs) : atLatest(this.#timeoutMs, signal),
      ...(query === undefined ? {} : { qs: query }),
      ...(body === undefined ? {} : { body: JSON.stringify(body), dontStringify: true }),
    }
    return options
  }

  #attempt(what: string): Attempt {
    return { what, database: this.database, timeoutMs: this.#timeoutMs }
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
