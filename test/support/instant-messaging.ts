import type { Incoming, Messaging, OnMessage, Subscription, TopicSpec } from '../../invoker/ports/messaging.ts'

/** Messaging in memory that hands each message to its topic's one subscriber at once. Keeps what was sent. */
export class InstantMessaging implements Messaging {
  readonly topics = new Map<string, string[]>()
  readonly #subscribers = new Map<string, OnMessage>()

  async ensureTopic({ name }: TopicSpec): Promise<void> {
    if (!this.topics.has(name)) this.topics.set(name, [])
  }

  async send(topic: string, value: string): Promise<void> {
    await this.ensureTopic({ name: topic, retentionMs: 0 })
    const records = this.topics.get(topic) ?? []
    records.push(value)
    const message = incoming(topic, { value, offset: records.length - 1 })
    await this.#subscribers.get(topic)?.(message)
  }

  async subscribe({ topic }: { readonly topic: string }, onMessage: OnMessage): Promise<Subscription> {
    this.#subscribers.set(topic, onMessage)
    return { stop: async () => void this.#subscribers.delete(topic) }
  }

  async endOffset(topic: string): Promise<string> {
    return String(this.topics.get(topic)?.length ?? 0)
  }

  async *readFrom(topic: string, offset: string): AsyncIterable<Incoming> {
    const records = this.topics.get(topic) ?? []
    for (let at = Number(offset); at < records.length; at += 1)
      yield incoming(topic, { value: records[at] ?? '', offset: at })
  }

  async stop(): Promise<void> {
    this.#subscribers.clear()
  }
}

function incoming(topic: string, { value, offset }: { readonly value: string; readonly offset: number }): Incoming {
  return { topic, partition: 0, offset: String(offset), value: Buffer.from(value) }
}
