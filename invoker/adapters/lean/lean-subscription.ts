import { type Deferred, deferred } from '../../lib/deferred.ts'
import type { Log } from '../../ports/log.ts'
import type { Incoming, OnMessage, SubscribeOptions, Subscription } from '../../ports/messaging.ts'
import type { LeanTopic, Reader } from './lean-topic.ts'

/** Hands a topic's messages to one handler, at most `maxInFlight` at once, in order. */
export class LeanSubscription implements Subscription, Reader {
  readonly #options: SubscribeOptions
  readonly #topic: LeanTopic
  readonly #onMessage: OnMessage
  readonly #log: Log
  /** From where to look for the next message. */
  #cursor: number
  #inFlight = 0
  #isClosed = false
  #idle: Deferred<void> | undefined
  #hasLeft = false

  constructor(options: SubscribeOptions, parts: { topic: LeanTopic; onMessage: OnMessage; log: Log }) {
    this.#options = options
    this.#topic = parts.topic
    this.#onMessage = parts.onMessage
    this.#log = parts.log
    this.#cursor = this.#topic.join(options, this)
    queueMicrotask(() => this.wake())
  }

  wake(): void {
    while (!this.#isClosed && this.#inFlight < this.#options.maxInFlight) {
      const message = this.#topic.next(this.#options.group, this.#cursor)
      if (message === undefined) return
      this.#cursor = Number(message.offset) + 1
      this.#inFlight += 1
      // Owned by #inFlight, which stop() waits for; it never rejects.
      void this.#handle(message)
    }
  }

  async stop(signal: AbortSignal): Promise<void> {
    this.#isClosed = true
    if (this.#inFlight > 0 && !signal.aborted) {
      const idle = deferred()
      this.#idle = idle
      signal.addEventListener('abort', () => idle.resolve(), { once: true })
      await idle.promise
    }
    if (this.#hasLeft) return
    this.#hasLeft = true
    this.#topic.leave(this.#options.group)
  }

  async #handle(message: Incoming): Promise<void> {
    const { topic, offset } = message
    try {
      await this.#onMessage(message)
    } catch (error) {
      this.#log.error('handler of a message failed', { topic, offset, error })
    }
    this.#inFlight -= 1
    // After it left, the message belongs to the group's next reader.
    if (!this.#hasLeft) this.#done(message)
    if (this.#inFlight === 0) this.#idle?.resolve()
    this.wake()
  }

  #done({ topic, offset }: Incoming): void {
    try {
      const low = this.#topic.done(this.#options.group, Number(offset))
      if (low !== undefined) this.#options.onCommitted?.({ partition: 0, offset: String(low) })
    } catch (error) {
      // The message comes again after a restart, at worst.
      this.#log.error('done message cannot be noted', { topic, offset, error })
    }
  }
}
