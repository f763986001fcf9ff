import type { Producer } from 'kafkajs'
import { Fault } from '../../faults/fault.ts'
import type { Background } from '../../lib/background.ts'
import type { Outage } from './outage.ts'
import { persist } from './persist.ts'
import { verdictOf } from './verdict.ts'

/** What waits to be sent to one topic. */
interface Letter {
  readonly value: Buffer
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}
interface Lane {
  readonly topic: string
  waiting: Letter[]
  isSending: boolean
}

/** What the Java client adds to a value at most, by its own estimate: batch header, record header, lengths. */
const overheadBytes = 88
/** A request stays below these, so that it fits into the smallest limit that a topic has, and its making is quick. */
const batchBytes = 512 * 1024
const batchCount = 100

/** What an outbox needs. `maxMessageBytes` includes what the protocol adds. */
export interface OutboxOptions {
  readonly producer: Producer
  readonly maxMessageBytes: number
  readonly outage: Outage
  readonly background: Background
  readonly signal: AbortSignal
  /** Called with the offset after what was sent to partition 0. */
  readonly onSent: (topic: string, end: number) => void
}

/**
 * Sends to the broker, in order for each topic: one request a topic is in flight, and what is sent meanwhile goes together into
 * the next. A request that fails in an outage is sent again, so that the broker may have its messages twice, never not at all.
 */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #lanes = new Map<string, Lane>()
  #connecting: Promise<void> | undefined

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** @throws Fault MESSAGE_TOO_LARGE, MESSAGING_REFUSED (no such topic, say), MESSAGING_UNAVAILABLE when stopped in an outage */
  send(topic: string, text: string): Promise<void> {
    const value = Buffer.from(text)
    const { maxMessageBytes } = this.#options
    if (value.length + overheadBytes > maxMessageBytes) return Promise.reject(tooLarge(value.length, maxMessageBytes))
    return new Promise((resolve, reject) => this.#lane(topic).waiting.push({ value, resolve, reject }))
  }

  /** Ends the connection; what is sent afterwards is refused by kafkajs. */
  async close(): Promise<void> {
    if (this.#connecting !== undefined) await this.#options.producer.disconnect()
  }

  /** The lane of a topic, which is about to send. */
  #lane(topic: string): Lane {
    let lane = this.#lanes.get(topic)
    if (lane === undefined) {
      lane = { topic, waiting: [], isSending: false }
      this.#lanes.set(topic, lane)
    }
    if (!lane.isSending) {
      lane.isSending = true
      this.#options.background.run(`send to ${topic}`, this.#drain(lane))
    }
    return lane
  }

  async #drain(lane: Lane): Promise<void> {
    // One turn of the microtask queue, so that what is sent in the same breath travels together.
    await undefined
    while (lane.waiting.length > 0) {
      const count = batchSize(lane.waiting)
      const batch = lane.waiting.slice(0, count)
      lane.waiting = lane.waiting.slice(count)
      await this.#deliver(lane.topic, batch)
    }
    lane.isSending = false
  }

  async #deliver(topic: string, batch: readonly Letter[]): Promise<void> {
    try {
      const end = await persist(`send to "${topic}"`, () => this.#produce(topic, batch), this.#options)
      if (end !== undefined) this.#options.onSent(topic, end)
      for (const letter of batch) letter.resolve()
    } catch (error) {
      if (batch.length > 1 && verdictOf(error) === 'too-large') {
        // Together they are too large for this topic, or one of them is: each for itself will tell.
        for (const letter of batch) await this.#deliver(topic, [letter])
      } else {
        for (const letter of batch) letter.reject(error)
      }
    }
  }

  async #produce(topic: string, batch: readonly Letter[]): Promise<number | undefined> {
    await this.#connected()
    const messages = batch.map(({ value }) => ({ key: null, value }))
    const [sent] = await this.#options.producer.send({ topic, acks: 1, timeout: 30_000, messages })
    return sent?.partition === 0 && sent.baseOffset !== undefined ? Number(sent.baseOffset) + batch.length : undefined
  }

  #connected(): Promise<void> | undefined {
    if (this.#connecting === undefined) {
      this.#connecting = this.#options.producer.connect()
      this.#connecting.catch(() => {
        // Whoever awaits it hears of it; the next call tries again.
        this.#connecting = undefined
      })
    }
    return this.#connecting
  }
}

/** How many of the waiting letters go into one request: at least one. */
function batchSize(waiting: readonly Letter[]): number {
  let bytes = 0
  let count = 0
  for (const { value } of waiting) {
    bytes += value.length + overheadBytes
    if (count > 0 && (bytes > batchBytes || count === batchCount)) break
    count += 1
  }
  return count
}

function tooLarge(bytes: number, maxBytes: number): Fault {
  return new Fault('MESSAGE_TOO_LARGE', `it has ${bytes} bytes, and ${maxBytes - overheadBytes} fit`, {
    facts: { bytes },
  })
}
