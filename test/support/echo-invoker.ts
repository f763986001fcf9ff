import type { WhiskActivation } from '../../invoker/domain/activation.ts'
import type { ActivationMessage } from '../../invoker/domain/activation-message.ts'
import type { Json } from '../../invoker/domain/json.ts'
import type { ActivationResponse } from '../../invoker/domain/response.ts'
import { AckWriter } from '../../invoker/domain/wire-acks.ts'
import { readActivationMessage } from '../../invoker/domain/wire-activation-message.ts'
import type { Messaging } from '../../invoker/ports/messaging.ts'
import type { ActivationStore } from '../../invoker/store/activations.ts'

/** How an {@link EchoInvoker} answers: what the activation gives, and whether its acks come and are shrunk. */
export interface EchoBehaviour {
  readonly respond?: (message: ActivationMessage) => ActivationResponse
  readonly isSilent?: boolean
  readonly isShrunk?: boolean
  readonly isNeverCompleted?: boolean
}

/** Stands for the invoker where only the wire matters: answers every activation with its own arguments, without a container. */
export class EchoInvoker {
  behaviour: EchoBehaviour = {}
  readonly received: ActivationMessage[] = []
  readonly #messaging: Messaging
  readonly #activations: Pick<ActivationStore, 'store'>
  readonly #acks = new AckWriter({
    instance: 0,
    userMemory: '1 B',
    instanceType: 'invoker',
    tags: [],
    dedicatedNamespaces: [],
  })

  constructor({
    messaging,
    activations,
  }: { readonly messaging: Messaging; readonly activations: Pick<ActivationStore, 'store'> }) {
    this.#messaging = messaging
    this.#activations = activations
  }

  async start(topic: string): Promise<void> {
    const options = { topic, group: topic, maxInFlight: 10, from: 'earliest' } as const
    await this.#messaging.subscribe(options, async ({ value }) => {
      const read = readActivationMessage(value, Date.now())
      if (!read.ok) throw read.error
      await this.#run(read.message)
    })
  }

  async #run(message: ActivationMessage): Promise<void> {
    this.received.push(message)
    const { respond = echo, isSilent, isShrunk, isNeverCompleted } = this.behaviour
    if (isSilent) return
    const record = recordOf(message, respond(message))
    await this.#activations.store(record)
    const recordJson = message.blocking && !isShrunk ? { recordJson: JSON.stringify(record) } : {}
    const parts = { transid: message.transid, activationId: message.activationId, ...recordJson }
    const topic = `completed${message.rootControllerIndex.asString}`
    if (message.blocking) await this.#messaging.send(topic, this.#acks.result(parts))
    if (!isNeverCompleted) await this.#messaging.send(topic, this.#acks.completion(parts, false))
  }
}

function echo({ content = {} }: ActivationMessage): ActivationResponse {
  return { statusCode: 0, result: content as Json, size: JSON.stringify(content).length }
}

function recordOf(message: ActivationMessage, response: ActivationResponse): WhiskActivation {
  const now = Date.now()
  return {
    namespace: message.user.namespace.name,
    name: message.action.name,
    subject: message.user.subject,
    activationId: message.activationId,
    start: now,
    end: now + 1,
    duration: 1,
    response,
    logs: [],
    version: message.action.version ?? '0.0.1',
    publish: false,
    annotations: [
      { key: 'path', value: `${message.action.path}/${message.action.name}` },
      { key: 'kind', value: 'nodejs:20' },
      { key: 'timeout', value: false },
      { key: 'waitTime', value: 1 },
      { key: 'limits', value: { concurrency: 1, logs: 10, memory: 256, timeout: 60_000 } },
    ],
  }
}
