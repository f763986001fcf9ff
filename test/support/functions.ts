import type { JsonObject } from '../../invoker/domain/json.ts'
import { eventually } from './eventually.ts'
import { asGuest } from './guest-client.ts'

/** How an activation of code that nobody had seen before started, and what came of it. */
export interface FirstRun {
  readonly activationId: string
  /** As the annotation `warmwhisk` says; empty where there is none. */
  readonly start: string
  readonly image: string | undefined
  readonly engine: string | undefined
  readonly status: string
  readonly result: JsonObject
}

/** What else a function has. */
export interface FunctionOptions {
  readonly kind?: string
  readonly params?: JsonObject
  /** As its document has them. */
  readonly parameters?: readonly JsonObject[]
  /** Whether its code is given the key of its user. */
  readonly hasKey?: boolean
}

/** Functions of this run, so that no two functions have the same code. */
let counter = 0

/** A user of a server who never runs the same code twice. */
export class FunctionUser {
  readonly #client: ReturnType<typeof asGuest>

  constructor(access: { readonly url: string; readonly key: string }) {
    this.#client = asGuest({ url: access.url, guestKey: access.key })
  }

  /** Makes a function of this code, with a comment that nobody else has, and gives its name. */
  async create(
    code: string,
    { kind = 'python:3', parameters = [], hasKey = false }: FunctionOptions = {},
  ): Promise<string> {
    counter += 1
    const name = `f${process.pid}x${counter}`
    const comment = kind.startsWith('python') ? '#' : '//'
    const exec = { kind, code: `${code}\n${comment} ${name}\n` }
    const annotations = [{ key: 'provide-api-key', value: hasKey }]
    const body = { exec, parameters, annotations, limits: { timeout: 30_000 } } as unknown as JsonObject
    const { status, json } = await this.#client.ask(`PUT actions/${name}`, body)
    if (status !== 200) throw new Error(`Cannot create an action: ${status} ${JSON.stringify(json)}`)
    return name
  }

  /** Makes a function and runs it once. */
  async first(code: string, options: FunctionOptions = {}): Promise<FirstRun> {
    const name = await this.create(code, options)
    const { json } = await this.#client.ask(`POST actions/${name}?blocking=true`, options.params ?? {})
    const annotations = (json.annotations ?? []) as unknown as readonly { key: string; value: JsonObject }[]
    const said = annotations.find(({ key }) => key === 'warmwhisk')?.value
    const { status, result } = (json.response ?? {}) as { status?: string; result?: JsonObject }
    return {
      activationId: String(json.activationId),
      start: String(said?.start ?? ''),
      image: said?.image as string | undefined,
      engine: said?.engine as string | undefined,
      status: status ?? JSON.stringify(json),
      result: result ?? {},
    }
  }

  /** Makes functions of this code, one after the other, until one starts as wanted; gives that. Every one must succeed. */
  async until(
    what: string,
    wanted: { readonly code: string; readonly options?: FunctionOptions; is(run: FirstRun): boolean },
  ): Promise<FirstRun> {
    let last: FirstRun | undefined
    await eventually(
      what,
      async () => {
        last = await this.first(wanted.code, wanted.options)
        if (last.status !== 'success') throw new Error(`${what}: ${last.status} ${JSON.stringify(last.result)}`)
        return wanted.is(last)
      },
      40_000,
    )
    if (last === undefined) throw new Error(what)
    return last
  }
}
