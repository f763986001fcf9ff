import type { Producer } from 'kafkajs'
import { type Deferred, deferred } from '../../../invoker/lib/deferred.ts'

/**
 * Sends to one topic in order: one request at a time, and what comes meanwhile goes together into the next. Kafka's own
 * clients do so, and with several activations in flight it is the cheapest that a producer can do.
 */
export class Lane {
  readonly #producer: Producer
  readonly #topic: string
  #waiting: { readonly value: string }[] = []
  #next: Deferred<void> = deferred()
  #isSending = false

  constructor(producer: Producer, topic: string) {
    this.#producer = producer
    this.#topic = topic
  }

  /** Resolves when the broker has it. */
  send(value: string): Promise<void> {
    this.#waiting.push({ value })
    const { promise } = this.#next
    // The head of the line reports its failure through the promises that it settles.
    if (!this.#isSending) this.#drain().catch(() => undefined)
    return promise
  }

  async #drain(): Promise<void> {
    this.#isSending = true
    while (this.#waiting.length > 0) {
      const messages = this.#waiting
      const sent = this.#next
      this.#waiting = []
      this.#next = deferred()
      try {
        await this.#producer.send({ topic: this.#topic, acks: 1, messages })
        sent.resolve()
      } catch (error) {
        sent.reject(error)
      }
    }
    this.#isSending = false
  }
}
