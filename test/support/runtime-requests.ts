import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Json } from '../../invoker/domain/json.ts'

/** What a runtime answered. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** The requests that an invoker makes. */
export interface RuntimeRequests {
  post(path: string, body: Json): Promise<Answer>
  /** As `post`, on a connection of its own. */
  postApart(path: string, body: Json): Promise<Answer>
  init(code: string, more?: Readonly<Record<string, Json>>): Promise<Answer>
  run(value?: Json, more?: Readonly<Record<string, Json>>): Promise<Answer>
  /** Inits with plain source, runs once and gives the parsed result. */
  once(code: string, value?: Json): Promise<Json>
  /** Ends the connection. */
  leave(): void
}

/** Requests to the runtime that listens at a path, on one connection. */
export function requestsTo(socketPath: string): RuntimeRequests {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })

  async function send(path: string, body: Json, through: Agent | false): Promise<Answer> {
    const bytes = Buffer.from(JSON.stringify(body))
    const headers = { 'content-type': 'application/json', 'content-length': bytes.length }
    const sent = request({ socketPath, method: 'POST', path, agent: through, headers })
    sent.end(bytes)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) }
  }
  const post: RuntimeRequests['post'] = (path, body) => send(path, body, agent)
  const init: RuntimeRequests['init'] = (code, more = {}) =>
    post('/init', { value: { name: 'action', main: 'main', binary: false, code, env: {}, ...more } })
  const run: RuntimeRequests['run'] = (value = {}, more = {}) => post('/run', { value, ...more })

  return {
    post,
    postApart: (path, body) => send(path, body, false),
    init,
    run,
    async once(code, value) {
      const begun = await init(code)
      if (begun.status !== 200) throw new Error(`init answered ${begun.status}: ${begun.body}`)
      return JSON.parse((await run(value)).body)
    },
    leave: () => agent.destroy(),
  }
}
