import type { Kafka } from 'kafkajs'
import { isFault } from '../../faults/fault.ts'
import { atLatest } from '../../lib/at-latest.ts'
import { Background } from '../../lib/background.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type {
  Incoming,
  Messaging,
  OnMessage,
  SubscribeOptions,
  Subscription,
  TopicSpec,
} from '../../ports/messaging.ts'
import { connectKafka, type Security } from './connect-kafka.ts'
import { type ConsumerTimes, KafkaSubscription } from './kafka-subscription.ts'
import { endOf, readSlice } from './log-reader.ts'
import { Membership } from './membership.ts'
import { Outage } from './outage.ts'
import { Outbox } from './outbox.ts'
import { inTurn } from './partitioner.ts'
import { type Persistence, persist } from './persist.ts'
import { ensureTopic } from './topics.ts'
import { unless } from './unless.ts'
import { verdictOf } from './verdict.ts'

/** What Kafka messaging needs; times default to OpenWhisk's (protocol reference 1.3). */
export interface KafkaOptions extends Partial<ConsumerTimes> {
  /** `host:port` of one broker or more. */
  readonly brokers: readonly string[]
  /** Names the producer to the broker; consumers are `consumer-<topic>`. */
  readonly clientId: string
  readonly clock: Clock
  readonly log: Log
  readonly security?: Security
  readonly replicationFactor?: number
  /** Largest message, with what the protocol adds (1.7). */
  readonly maxMessageBytes?: number
  /** A directory of this invoker alone: with it, a start after a kill does not wait for the session of the dead process. */
  readonly membershipDirectory?: string
}

/** Limit of messages: payload 1048576 and 6068 for what surrounds it (1.2). */
const maxMessageBytes = 1_054_644
/** How long a stop waits for what is still being sent: for a broker that is away in vain. */
const farewellMs = 5000

/** {@link Messaging} on Kafka. Opens no connection before it is used; waits through outages until it is stopped. */
export class KafkaMessaging implements Messaging {
  readonly #options: KafkaOptions
  readonly #times: ConsumerTimes
  readonly #kafka: Kafka
  readonly #outbox: Outbox
  readonly #background: Background
  readonly #stopping = new AbortController()
  readonly #persistence: Persistence
  readonly #subscriptions = new Set<Subscription>()
  /** Ends of topics: asked once, then what the broker answered to our own sends. */
  readonly #ends = new Map<string, string>()

  constructor(options: KafkaOptions) {
    const { log } = options
    this.#options = options
    this.#times = {
      sessionTimeoutMs: 30_000,
      heartbeatIntervalMs: 10_000,
      maxWaitMs: 500,
      commitDelayMs: 100,
      ...options,
    }
    this.#kafka = this.#connect(options.clientId)
    this.#background = new Background((what, error) => log.error('background work failed', { what, error }))
    this.#persistence = { outage: new Outage(log), signal: this.#stopping.signal }
    this.#outbox = new Outbox({
      producer: this.#kafka.producer({ metadataMaxAge: 15_000, createPartitioner: inTurn }),
      maxMessageBytes: options.maxMessageBytes ?? maxMessageBytes,
      background: this.#background,
      onSent: (topic, end) => this.#ends.set(topic, String(end)),
      ...this.#persistence,
    })
  }

  async ensureTopic(topic: TopicSpec): Promise<void> {
    const replicationFactor = this.#options.replicationFactor ?? 1
    const ensure = () => ensureTopic(this.#kafka, { ...topic, replicationFactor })
    await persist(`ensure topic "${topic.name}"`, ensure, this.#persistence)
  }

  send(topic: string, value: string): Promise<void> {
    return this.#outbox.send(topic, value)
  }

  async subscribe(options: SubscribeOptions, onMessage: OnMessage): Promise<Subscription> {
    const subscription = new KafkaSubscription(
      { ...options, onMessage },
      {
        kafka: this.#connect(`consumer-${options.topic}`),
        times: this.#times,
        clock: this.#options.clock,
        log: this.#options.log,
        outage: this.#persistence.outage,
        ...this.#membership(options),
      },
    )
    this.#subscriptions.add(subscription)
    await subscription.start()
    return subscription
  }

  async endOffset(topic: string): Promise<string> {
    const known = this.#ends.get(topic)
    if (known !== undefined) return known
    const end = await this.#whereThere(`find the end of "${topic}"`, () => endOf(this.#kafka, topic))
    if (end === undefined) return '0'
    // A send that ended meanwhile knows better.
    if (!this.#ends.has(topic)) this.#ends.set(topic, end)
    return this.#ends.get(topic) ?? end
  }

  async *readFrom(topic: string, offset: string): AsyncIterable<Incoming> {
    let until = Number.POSITIVE_INFINITY
    for (let next = Number(offset); next < until; ) {
      const from = next
      const read = () => readSlice(this.#kafka, { topic, offset: from })
      const slice = await this.#whereThere(`read "${topic}"`, read)
      if (slice === undefined) return
      until = Math.min(until, slice.end)
      next = slice.next
      yield* slice.records.filter((record) => Number(record.offset) < until)
    }
  }

  async stop(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop(signal)))
    const soon = atLatest(farewellMs, signal)
    await unless(soon, this.#background.idle())
    this.#stopping.abort()
    await unless(soon, this.#outbox.close())
  }

  /** What `work` gives, or undefined where the topic is not there. */
  async #whereThere<T>(attempt: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await persist(attempt, work, this.#persistence)
    } catch (error) {
      if (isFault(error) && verdictOf(error) === 'no-topic') return undefined
      throw error
    }
  }

  #membership({ topic, group }: SubscribeOptions): { membership?: Membership } {
    const { membershipDirectory: directory, log } = this.#options
    return directory === undefined ? {} : { membership: new Membership({ directory, topic, group, log }) }
  }

  #connect(clientId: string): Kafka {
    const { brokers, log, security } = this.#options
    return connectKafka({ brokers, clientId, log, ...(security ? { security } : {}) })
  }
}
