import { Client } from 'undici'
import { type BenchAction, benchNamespace } from './actions.ts'
import { exchange } from './exchange.ts'

/** A connection, kept alive, to the runtime of a container behind its Unix socket. Calls come one after the other. */
export class RuntimeConnection {
  readonly #client: Client

  constructor(socketPath: string) {
    this.#client = new Client('http://container', { socketPath })
  }

  /** POSTs /init with the action's code (protocol reference 6.1). */
  async init(action: BenchAction): Promise<void> {
    const value = { name: action.name, main: 'main', binary: false, code: action.code, env: {} }
    await exchange(this.#client, { method: 'POST', path: '/init', body: JSON.stringify({ value }) })
  }

  /** POSTs /run with a body from {@link runBody} and gives the answer's text. */
  run(body: string): Promise<string> {
    return exchange(this.#client, { method: 'POST', path: '/run', body })
  }

  close(): Promise<void> {
    return this.#client.close()
  }
}

/** What a run is for. */
export interface Run {
  readonly action: string
  readonly activationId: string
  readonly transactionId: string
  readonly value: unknown
  readonly nowMs: number
}

/** The body of POST /run with everything that protocol reference 6.2 asks for. */
export function runBody({ action, activationId, transactionId, value, nowMs }: Run): string {
  return JSON.stringify({
    value,
    namespace: benchNamespace,
    action_name: `/${benchNamespace}/${action}`,
    action_version: '0.0.1',
    activation_id: activationId,
    transaction_id: transactionId,
    deadline: String(nowMs + 60_000),
  })
}
