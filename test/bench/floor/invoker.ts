import { benchLimits, benchNamespace } from '../lib/actions.ts'
import { runBody } from '../lib/runtime-connection.ts'
import type { IdleContainers } from './idle-containers.ts'
import type { Lane } from './lane.ts'
import type { RecordStore } from './record-store.ts'

/** The fields of an activation message that the floor reads. */
interface Message {
  readonly transid: readonly [id: string, startMs: number]
  readonly action: { readonly name: string }
  readonly activationId: string
  readonly content: unknown
}

/** What the floor needs. */
export interface FloorInvokerOptions {
  readonly containers: Readonly<Record<string, { readonly kind: string; readonly idle: IdleContainers }>>
  readonly records: RecordStore
  /** To the topic `completed0`. */
  readonly acks: Lane
}

const instance = JSON.stringify({
  instance: 0,
  userMemory: '2147483648 B',
  instanceType: 'invoker',
  tags: [],
  dedicatedNamespaces: [],
  uniqueName: 'floor',
})

/**
 * The least an invoker can do for an activation: run it, send the Result ack, store the record, send the Completion
 * ack. No pool, no log collection, no limits, no retry, no journal, no metric.
 *
 * The two acks are two sends, one after the other, because no invoker can do with one: the protocol has the Result leave
 * as soon as the run has ended and the Completion after the logs (protocol reference 2.6).
 */
export class FloorInvoker {
  readonly #containers: FloorInvokerOptions['containers']
  readonly #acks: Lane
  readonly #records: RecordStore

  constructor({ containers, acks, records }: FloorInvokerOptions) {
    this.#containers = containers
    this.#acks = acks
    this.#records = records
  }

  /** Does everything for one message; resolves when nothing is left to do. */
  async handle(value: Buffer): Promise<void> {
    const { transid, action, activationId, content } = JSON.parse(value.toString()) as Message
    const of = this.#containers[action.name]
    if (of === undefined) throw new Error(`Cannot run "${action.name}": the floor has no container for it`)
    const container = await of.idle.take()
    const start = Date.now()
    const run = { action: action.name, activationId, transactionId: transid[0], value: content, nowMs: start }
    const body = await container.run(runBody(run))
    const end = Date.now()
    of.idle.giveBack(container)

    const record = {
      namespace: benchNamespace,
      name: action.name,
      subject: benchNamespace,
      activationId,
      start,
      end,
      duration: end - start,
      response: { statusCode: 0, result: JSON.parse(body), size: body.length },
      logs: [],
      version: '0.0.1',
      publish: false,
      annotations: [
        { key: 'path', value: `${benchNamespace}/${action.name}` },
        { key: 'kind', value: of.kind },
        { key: 'limits', value: benchLimits },
        { key: 'timeout', value: false },
        { key: 'waitTime', value: start - transid[1] },
      ],
    }
    const head = `{"transid":${JSON.stringify(transid)}`
    const text = JSON.stringify(record)
    const stored = this.#records.put(activationId, `{"entityType":"activation","updated":${end},${text.slice(1)}`)
    await this.#acks.send(`${head},"response":${text}}`)
    await this.#acks.send(`${head},"activationId":"${activationId}","isSystemError":false,"instance":${instance}}`)
    await stored
  }
}
