import type { InvokerInstance } from '../domain/instance.ts'
import { type AckParts, AckWriter } from '../domain/wire-acks.ts'
import { isFault, isRetryable } from '../faults/fault.ts'
import { type RetryPolicy, retry } from '../lib/retry.ts'
import type { Log } from '../ports/log.ts'
import type { Messaging } from '../ports/messaging.ts'
import type { Meter } from '../ports/meter.ts'

/** Which ack, for whom. */
export interface Ack {
  readonly kind: 'result' | 'combined' | 'completion'
  /** Id of the controller that waits. */
  readonly controller: string
  readonly parts: AckParts
  /** Whether the status is 3; a Result does not say. */
  readonly isSystemError: boolean
}

const patience: RetryPolicy = { tries: Infinity, firstDelayMs: 100, maxDelayMs: 5_000 }

/** Sends acks to controllers (protocol reference 2.6): shrunk where they are too large, again and again where the broker is away. */
export class AckSender {
  readonly #messaging: Messaging
  readonly #writer: AckWriter
  readonly #prefix: string
  readonly #log: Log
  readonly #meter: Meter
  readonly #signal: AbortSignal

  /** `signal` ends the patience with a broker that stays away. */
  constructor(options: {
    readonly messaging: Messaging
    readonly instance: InvokerInstance
    readonly topicPrefix: string
    readonly log: Log
    readonly meter: Meter
    readonly signal: AbortSignal
  }) {
    this.#messaging = options.messaging
    this.#writer = new AckWriter(options.instance)
    this.#prefix = options.topicPrefix
    this.#log = options.log
    this.#meter = options.meter
    this.#signal = options.signal
  }

  /** Topic of the acks for a controller. */
  topicOf(controller: string): string {
    return `${this.#prefix}completed${controller}`
  }

  /**
   * Resolves when the broker has the ack, or refuses it for good (no such topic, say), which is logged: the activation is
   * over all the same.
   * @throws the reason of the signal.
   */
  async send(ack: Ack): Promise<void> {
    try {
      await this.#sendFitting(ack)
    } catch (error) {
      if (this.#signal.aborted) throw error
      this.#meter.count('counter_invoker_ackRefused_counter_total')
      const { activationId } = ack.parts
      this.#log.error('ack cannot be sent', {
        activationId,
        topic: this.topicOf(ack.controller),
        kind: ack.kind,
        error,
      })
    }
  }

  async #sendFitting(ack: Ack): Promise<void> {
    try {
      await this.#deliver(ack)
    } catch (error) {
      if (!isFault(error, 'MESSAGE_TOO_LARGE') || ack.parts.recordJson === undefined) throw error
      this.#log.debug('ack is too large, its response is shrunk to the id', { activationId: ack.parts.activationId })
      const { transid, activationId } = ack.parts
      await this.#deliver({ ...ack, parts: { transid, activationId } })
    }
  }

  #deliver(ack: Ack): Promise<void> {
    const topic = this.topicOf(ack.controller)
    const text = this.#textOf(ack)
    return retry(() => this.#messaging.send(topic, text), { policy: patience, isRetryable, signal: this.#signal })
  }

  #textOf({ kind, parts, isSystemError }: Ack): string {
    switch (kind) {
      case 'result':
        return this.#writer.result(parts)
      case 'combined':
        return this.#writer.combined(parts, isSystemError)
      case 'completion':
        return this.#writer.completion(parts, isSystemError)
      default:
        return kind satisfies never
    }
  }
}
