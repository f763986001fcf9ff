import { readFileSync } from 'node:fs'
import type { Json, JsonObject } from '../../invoker/domain/json.ts'
import { isJsonObject } from '../../invoker/domain/json.ts'
import { eventually } from './eventually.ts'
import { HttpCaller } from './replay-call.ts'
import { basicAuth } from './subjects.ts'
import { startServer, type WholeServer } from './whole-server.ts'

/** Answer of the API; `json` is absent where the body is none. */
export interface Answer {
  readonly status: number
  readonly json: JsonObject
}

const manifestFile = new URL('../../runtimes/runtimes.json', import.meta.url)

/**
 * A server for bad input. It has room for two containers, makes none ahead of time, from images neither, and keeps none for long: one that
 * stays behind is found by the check for leaks, and memory that is not given back by the next invocation.
 */
export class BadInputServer {
  readonly url: string
  readonly #server: WholeServer
  readonly #caller: HttpCaller

  private constructor(server: WholeServer) {
    this.#server = server
    this.url = server.url
    this.#caller = new HttpCaller(server.url)
  }

  /** Starts it, with kinds beside our own when `more` names families of a manifest. */
  static async start(more: JsonObject = {}): Promise<BadInputServer> {
    const settings = {
      'runtimes.manifest': JSON.stringify(manifestWithoutStemCells(more)),
      'images.isEnabled': 'off',
      'throttles.invocationsPerMinute': '100000',
      'pool.userMemoryMb': '512m',
      'pool.pauseGraceMs': '100 ms',
      'pool.idleContainerMs': '100 ms',
    }
    return new BadInputServer(await startServer({ settings }))
  }

  /** Asks in the guest's name: `PUT actions/hello`, a path below the guest's namespace. Text is sent as it is. */
  async ask(line: string, body?: Json | Buffer): Promise<Answer> {
    const [method = '', rest = ''] = line.split(' ')
    const headers = { authorization: basicAuth('guest'), 'content-type': 'application/json' }
    const sent = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
    const answer = await this.#caller.call({ method, path: `/api/v1/namespaces/_/${rest}`, headers, body: sent })
    return { status: answer.status, json: JSON.parse(answer.body.toString()) as JsonObject }
  }

  /** Creates or replaces an action; throws where that is refused. */
  async put(name: string, action: JsonObject): Promise<void> {
    const { status, json } = await this.ask(`PUT actions/${name}?overwrite=true`, action)
    if (status !== 200) throw new Error(`Cannot create "${name}": ${status} ${JSON.stringify(json)}`)
  }

  /** Invokes and waits. */
  invoke(name: string, parameters: JsonObject = {}): Promise<Answer> {
    return this.ask(`POST actions/${name}?blocking=true`, parameters)
  }

  /** The record of an activation, once it is stored. */
  async record(activationId: unknown): Promise<JsonObject> {
    let json: JsonObject = {}
    await eventually('the record', async () => {
      const answer = await this.ask(`GET activations/${String(activationId)}`)
      json = answer.json
      return answer.status === 200
    })
    return json
  }

  async stop(): Promise<void> {
    this.#caller.close()
    await this.#server.stop(5_000)
  }
}

function manifestWithoutStemCells(more: JsonObject): JsonObject {
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as { runtimes: Record<string, JsonObject[]> }
  const families = Object.entries(manifest.runtimes).map(([family, kinds]) => [
    family,
    kinds.map((kind) => (isJsonObject(kind) ? { ...kind, stemCells: [] } : kind)),
  ])
  return { ...manifest, runtimes: { ...Object.fromEntries(families), ...more } }
}
