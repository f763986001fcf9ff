import { setTimeout as pause } from 'node:timers/promises'
import type { Json, JsonObject } from '../../invoker/domain/json.ts'
import { HttpCaller } from './replay-call.ts'
import {
  bodyOf,
  captured,
  difference,
  type Exchange,
  normalResponse,
  type RawResponse,
  substitute,
} from './replay-exchange.ts'
import { basicAuth, subjectKeys } from './subjects.ts'

/** Exchanges that belong together, in their order, and the subjects whose entities they make. */
export interface Group {
  readonly group: string
  readonly subjects?: readonly string[]
  readonly exchanges: readonly Exchange[]
}

/** How an exchange went: what differs in status or body, and apart in headers. */
export interface Verdict {
  readonly id: string
  readonly difference: string | undefined
  readonly headerDifference: string | undefined
}

/** Replays recorded exchanges against a server and compares. */
export class Replay {
  readonly #caller: HttpCaller

  constructor(url: string) {
    this.#caller = new HttpCaller(url)
  }

  /** Replays one group on empty namespaces, and empties them again. */
  async run({ subjects = ['guest'], exchanges }: Group): Promise<readonly Verdict[]> {
    for (const subject of subjects) await this.#clean(subject)
    // The first activation must not start in the millisecond that {{t0}} names.
    await pause(5)
    const variables = new Map([['t0', String(Date.now())]])
    const verdicts: Verdict[] = []
    for (const exchange of exchanges) verdicts.push(await this.#replay(exchange, variables))
    for (const subject of subjects) await this.#clean(subject)
    return verdicts
  }

  close(): void {
    this.#caller.close()
  }

  async #replay(exchange: Exchange, variables: Map<string, string>): Promise<Verdict> {
    const deadline = Date.now() + (exchange.retryMs ?? 0)
    if (exchange.delayMs) await pause(exchange.delayMs)
    for (;;) {
      const response = await this.#send(exchange, variables)
      const verdict = judge(exchange, response)
      if (verdict.difference === undefined || Date.now() >= deadline) {
        for (const [name, value] of captured(exchange, response)) variables.set(name, value)
        return verdict
      }
      await pause(250)
    }
  }

  #send(exchange: Exchange, variables: ReadonlyMap<string, string>): Promise<RawResponse> {
    const { method, path, headers, contentType, auth } = exchange.request
    const authorization = authorizationOf(auth)
    return this.#caller.call({
      method,
      path: substitute(path, variables),
      headers: {
        ...headers,
        ...(authorization === undefined ? {} : { authorization }),
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
      },
      body: bodyOf(exchange, variables),
    })
  }

  async #clean(subject: string): Promise<void> {
    if (!isSubject(subject)) return
    const headers = { authorization: basicAuth(subject) }
    const path = '/api/v1/namespaces/_/actions'
    const { body } = await this.#caller.call({ method: 'GET', path: `${path}?limit=200`, headers })
    for (const { name } of JSON.parse(body.toString()) as readonly JsonObject[]) {
      await this.#caller.call({ method: 'DELETE', path: `${path}/${encodeURIComponent(String(name))}`, headers })
    }
  }
}

function judge(exchange: Exchange, response: RawResponse): Verdict {
  const { status, headers, body } = normalResponse(response, exchange)
  const expected = exchange.response
  return {
    id: exchange.id,
    difference:
      expected.status === status
        ? difference(expected.body, body as Json, 'body')
        : `status: expected ${expected.status} got ${status} ${JSON.stringify(body).slice(0, 200)}`,
    headerDifference: difference(expected.headers, headers, 'headers'),
  }
}

function authorizationOf(auth = 'none'): string | undefined {
  if (auth.startsWith('raw:')) return auth.slice('raw:'.length)
  return isSubject(auth) ? basicAuth(auth) : undefined
}

function isSubject(name: string): name is keyof typeof subjectKeys {
  return Object.hasOwn(subjectKeys, name)
}
