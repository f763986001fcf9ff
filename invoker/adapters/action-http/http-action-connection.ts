import { performance } from 'node:perf_hooks'
import { Client } from 'undici'
import type { JsonObject } from '../../domain/json.ts'
import type { ActionConnection, Exchange, ExchangeLimits } from '../../ports/action-client.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Endpoint } from '../../ports/containers.ts'
import { ExchangeHandler } from './exchange.ts'

/** Between two tries of an /init that is refused (6.3). */
const RETRY_MS = 50
/** Our own runtimes never close an idle connection; so neither do we. The longest time that a timer can take. */
const FOREVER_MS = 2 ** 31 - 1

const headers = { 'content-type': 'application/json', accept: 'application/json' }

/**
 * One container's runtime. Each connection carries one request at a time; overlapping calls, which intra-container
 * concurrency makes (5.8), get connections of their own. A connection whose exchange did not end well is never used again.
 */
export class HttpActionConnection implements ActionConnection {
  readonly #endpoint: Endpoint
  readonly #clock: Clock
  readonly #open = new Set<Client>()
  readonly #idle: Client[] = []
  #isClosed = false

  constructor(endpoint: Endpoint, clock: Clock) {
    this.#endpoint = endpoint
    this.#clock = clock
  }

  async init(body: JsonObject, limits: ExchangeLimits): Promise<Exchange> {
    const startedMs = performance.now()
    const text = JSON.stringify(body)
    for (;;) {
      const passedMs = Math.floor(performance.now() - startedMs)
      const timeoutMs = limits.timeoutMs - passedMs
      if (timeoutMs <= 0) return { kind: 'timeout', elapsedMs: passedMs }
      const exchange = await this.#post('/init', text, { ...limits, timeoutMs })
      if (exchange.kind !== 'refused' || this.#isClosed) {
        return { ...exchange, elapsedMs: exchange.elapsedMs + passedMs }
      }
      await new Promise<void>((resolve) => this.#clock.after(Math.min(RETRY_MS, timeoutMs), resolve))
    }
  }

  run(body: JsonObject, limits: ExchangeLimits): Promise<Exchange> {
    return this.#post('/run', JSON.stringify(body), limits)
  }

  learn(limits: ExchangeLimits): Promise<Exchange> {
    return this.#post('/learn', '{}', limits)
  }

  imports(limits: ExchangeLimits): Promise<Exchange> {
    return this.#post('/imports', '{}', limits)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#idle.length = 0
    await Promise.all([...this.#open].map((client) => this.#discard(client)))
  }

  #post(path: string, body: string, limits: ExchangeLimits): Promise<Exchange> {
    if (this.#isClosed) return Promise.resolve({ kind: 'no-response', elapsedMs: 0 })
    const client = this.#idle.pop() ?? this.#connect()
    return new Promise((resolve) => {
      const handler = new ExchangeHandler(limits, (exchange) => {
        cancelTimer()
        if (exchange.kind === 'answered' || exchange.kind === 'truncated') this.#release(client)
        // Destroying also ends an exchange that has not ended; nothing is left to wait for, and it does not fail.
        else this.#discard(client).catch(() => undefined)
        resolve(exchange)
      })
      const cancelTimer = this.#clock.after(limits.timeoutMs, () => handler.timeOut())
      client.dispatch({ method: 'POST', path, headers, body }, handler)
    })
  }

  #connect(): Client {
    const endpoint = this.#endpoint
    const common = { pipelining: 1, headersTimeout: 0, bodyTimeout: 0, connectTimeout: 0 }
    const client =
      'socketPath' in endpoint
        ? new Client('http://localhost', {
            ...common,
            socketPath: endpoint.socketPath,
            keepAliveTimeout: FOREVER_MS,
            keepAliveMaxTimeout: FOREVER_MS,
          })
        : // Foreign images may close an idle connection at any time: as OpenWhisk, one connection a request.
          new Client(`http://${endpoint.host}:${endpoint.port}`, { ...common, pipelining: 0 })
    this.#open.add(client)
    return client
  }

  #release(client: Client): void {
    if (!this.#isClosed) this.#idle.push(client)
  }

  async #discard(client: Client): Promise<void> {
    this.#open.delete(client)
    await client.destroy()
  }
}
