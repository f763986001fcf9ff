import type { WhiskActivation } from '../../invoker/domain/activation.ts'
import type { ActivationMessage } from '../../invoker/domain/activation-message.ts'
import { readAck } from '../../invoker/domain/wire-acks.ts'
import { Background } from '../../invoker/lib/background.ts'
import { type Deferred, deferred } from '../../invoker/lib/deferred.ts'
import type { Clock } from '../../invoker/ports/clock.ts'
import type { Log } from '../../invoker/ports/log.ts'
import type { Incoming, Messaging, Subscription } from '../../invoker/ports/messaging.ts'
import type { ActivationStore } from '../../invoker/store/activations.ts'
import { ActiveActivations } from './active-activations.ts'
import { encodeMessage } from './invocation.ts'
import { RecordPoll } from './record-poll.ts'

/** What a {@link Controller} works with. `controllerId` names the topic of its acks; `invokerTopic` is where messages go. */
export interface ControllerOptions {
  readonly messaging: Messaging
  readonly activations: Pick<ActivationStore, 'get'>
  readonly clock: Clock
  readonly log: Log
  readonly controllerId: string
  readonly invokerTopic: string
}

/** How a caller waits for one activation. `isPolling`: an ack came without its result, so the record is looked for. */
interface Waiting {
  readonly namespace: string
  readonly done: Deferred<WhiskActivation | undefined>
  isPolling: boolean
}

const retentionMs = 172_800_000
const ackRetentionMs = 3_600_000

/**
 * The controller's side of the wire, in one process with the invoker: sends activation messages, counts what is in flight, and
 * gives callers that wait what the acks bring (protocol reference 2.6, 8.5). A caller that goes away cancels nothing.
 */
export class Controller {
  readonly #options: ControllerOptions
  readonly #active: ActiveActivations
  readonly #waiting = new Map<string, Waiting>()
  readonly #background: Background
  readonly #poll: RecordPoll
  #subscription: Subscription | undefined

  constructor(options: ControllerOptions) {
    this.#options = options
    this.#active = new ActiveActivations(options.clock)
    this.#background = new Background((what, error) => options.log.warn('background work failed', { what, error }))
    this.#poll = new RecordPoll(options)
  }

  /** Makes the topics and listens for acks. Call before the invoker starts and before the first {@link invoke}. */
  async start(): Promise<void> {
    const { messaging, invokerTopic } = this.#options
    await messaging.ensureTopic({ name: invokerTopic, retentionMs })
    await messaging.ensureTopic({ name: this.#ackTopic, retentionMs: ackRetentionMs })
    this.#subscription = await messaging.subscribe(
      { topic: this.#ackTopic, group: this.#ackTopic, maxInFlight: 128, from: 'latest' },
      async (message) => this.#onAck(message),
    )
  }

  /** How many activations of a namespace have not ended. */
  activeCount(namespaceUuid: string): number {
    return this.#active.count(namespaceUuid)
  }

  /**
   * Sends an activation. `waitMs` 0 resolves when the message is accepted; else the activation is given when it ends within
   * that time, undefined when it does not. `timeoutMs` is the action's limit.
   * @throws Fault MESSAGE_TOO_LARGE, MESSAGING_UNAVAILABLE when it was not accepted.
   */
  async invoke(
    message: ActivationMessage,
    { waitMs, timeoutMs }: { readonly waitMs: number; readonly timeoutMs: number },
  ): Promise<WhiskActivation | undefined> {
    const { activationId, user } = message
    this.#active.add(activationId, { namespaceUuid: user.namespace.uuid, timeoutMs })
    const waiting = waitMs > 0 ? this.#expect(activationId, user.namespace.name) : undefined
    try {
      await this.#options.messaging.send(this.#options.invokerTopic, encodeMessage(message))
    } catch (error) {
      this.#active.remove(activationId)
      this.#waiting.delete(activationId)
      throw error
    }
    return waiting === undefined ? undefined : this.#await(activationId, { waiting, waitMs })
  }

  /** Listens no more; callers that still wait get undefined, which is answered with 202. */
  async stop(signal: AbortSignal): Promise<void> {
    this.#active.stop()
    for (const { done } of this.#waiting.values()) done.resolve(undefined)
    await this.#subscription?.stop(signal)
    await this.#background.idle()
  }

  get #ackTopic(): string {
    return `completed${this.#options.controllerId}`
  }

  #expect(activationId: string, namespace: string): Waiting {
    const waiting = { namespace, done: deferred<WhiskActivation | undefined>(), isPolling: false }
    this.#waiting.set(activationId, waiting)
    return waiting
  }

  async #await(
    activationId: string,
    { waiting, waitMs }: { readonly waiting: Waiting; readonly waitMs: number },
  ): Promise<WhiskActivation | undefined> {
    const { done } = waiting
    const cancel = this.#options.clock.after(waitMs, () => done.resolve(undefined))
    try {
      return await done.promise
    } finally {
      cancel()
      this.#waiting.delete(activationId)
    }
  }

  #onAck({ value, offset }: Incoming): void {
    const ack = readAck(value)
    if (ack === undefined) {
      this.#options.log.warn('ack unreadable', { offset })
      return
    }
    if (ack.isFreeing) this.#active.remove(ack.activationId)
    const waiting = this.#waiting.get(ack.activationId)
    if (waiting === undefined) return
    // Written by our own invoker: the record's shape is the type's. Without one it was too large for the ack.
    if (ack.record !== undefined) waiting.done.resolve(ack.record as unknown as WhiskActivation)
    else if (!waiting.isPolling) this.#readRecord(ack.activationId, waiting)
  }

  #readRecord(activationId: string, waiting: Waiting): void {
    waiting.isPolling = true
    const { namespace, done } = waiting
    const found = this.#poll.find(namespace, { activationId, until: done.promise })
    this.#background.run(
      'read the record of an activation',
      found.then((record) => record && done.resolve(record)),
    )
  }
}
