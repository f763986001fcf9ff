import type { Consumer, Kafka } from 'kafkajs'
import { type Deferred, deferred } from '../../lib/deferred.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { OnMessage, SubscribeOptions, Subscription } from '../../ports/messaging.ts'
import { Committer, type PartitionOffset } from './committer.ts'
import { HandOut } from './hand-out.ts'
import type { Membership } from './membership.ts'
import type { Outage } from './outage.ts'
import { persist } from './persist.ts'
import { uncommittedEnds } from './topics.ts'
import { unless } from './unless.ts'
import { toFault } from './verdict.ts'

/** Times of a consumer (protocol reference 1.3). */
export interface ConsumerTimes {
  readonly sessionTimeoutMs: number
  readonly heartbeatIntervalMs: number
  /** How long the broker holds a fetch back while there is nothing. */
  readonly maxWaitMs: number
  readonly commitDelayMs: number
}

/** What a subscription needs. */
export interface SubscriptionParts {
  readonly kafka: Kafka
  readonly times: ConsumerTimes
  readonly clock: Clock
  readonly log: Log
  readonly outage: Outage
  readonly membership?: Membership
}

/** How long to wait after kafkajs gave a consumer up, or a commit failed. */
const againMs = 1000
/** How long a stop may take for the last commit and for leaving the group. */
const leaveMs = 3000

/**
 * A member of a group that commits only what is done. kafkajs joins again after outages and rebalances by itself; where it
 * gives a consumer up, a new one takes its place. What was handed out stays known across all of them.
 */
export class KafkaSubscription implements Subscription {
  readonly #options: SubscribeOptions
  readonly #parts: SubscriptionParts
  readonly #handOut: HandOut
  readonly #committer: Committer
  readonly #stopping = new AbortController()
  #consumer: Consumer | undefined
  #assigned: readonly number[] = []
  #confirmations = 0
  #stopped: Promise<void> | undefined

  constructor(options: SubscribeOptions & { readonly onMessage: OnMessage }, parts: SubscriptionParts) {
    const { clock, log, times } = parts
    this.#options = options
    this.#parts = parts
    this.#handOut = new HandOut({
      maxInFlight: options.maxInFlight,
      heartbeatIntervalMs: times.heartbeatIntervalMs,
      onMessage: options.onMessage,
      onDone: () => this.#committer.touch(),
      clock,
      log,
    })
    this.#committer = new Committer({
      clock,
      delayMs: times.commitDelayMs,
      retryMs: againMs,
      // Another member's partition is not ours to commit.
      open: () => this.#handOut.open().filter(({ partition }) => this.#assigned.includes(partition)),
      commit: (offsets) => this.#commit(offsets),
      onFailure: (error) => log.debug('commit did not work: trying again', { topic: options.topic, error }),
    })
  }

  /** Joins the group; resolves when it is joined, however long the broker stays away. */
  async start(): Promise<void> {
    const { topic } = this.#options
    await persist(`subscribe to "${topic}"`, () => this.#join(), {
      outage: this.#parts.outage,
      signal: this.#stopping.signal,
    })
  }

  stop(signal: AbortSignal): Promise<void> {
    this.#stopped ??= this.#stop(signal)
    return this.#stopped
  }

  async #stop(signal: AbortSignal): Promise<void> {
    this.#stopping.abort()
    this.#handOut.close()
    this.#pause()
    await unless(signal, this.#handOut.idle())
    // Also when the signal ended the wait: what is done is to be committed, and a group that was not left keeps its next member waiting.
    const atLast = AbortSignal.timeout(leaveMs)
    await unless(atLast, this.#committer.flush())
    this.#committer.close()
    await unless(atLast, this.#consumer?.disconnect())
  }

  async #join(): Promise<void> {
    const { topic, group, from } = this.#options
    const { kafka, times, outage, membership } = this.#parts
    await membership?.leaveForTheDead(kafka)
    const ends = from === 'latest' ? await uncommittedEnds(kafka, { topic, group }) : []
    const consumer = kafka.consumer({
      groupId: group,
      sessionTimeout: times.sessionTimeoutMs,
      rebalanceTimeout: Math.max(60_000, times.sessionTimeoutMs),
      heartbeatInterval: times.heartbeatIntervalMs,
      maxWaitTimeInMs: times.maxWaitMs,
      allowAutoTopicCreation: false,
      // kafkajs would start a consumer again that was disconnected in an outage, and keep the process alive.
      retry: { restartOnFailure: async () => !this.#stopping.signal.aborted },
    })
    const joined = deferred()
    this.#listen(consumer, joined)
    try {
      await consumer.connect()
      await consumer.subscribe({ topic, fromBeginning: from === 'earliest' })
      await consumer.run({ autoCommit: false, eachBatch: (payload) => this.#handOut.batch(payload) })
      await joined.promise
      for (const { partition, offset } of ends) consumer.seek({ topic, partition, offset })
      if (ends.length > 0) await consumer.commitOffsets(ends.map((end) => ({ topic, ...end })))
    } catch (error) {
      await consumer.disconnect()
      throw error
    }
    this.#consumer = consumer
    outage.passed()
  }

  #listen(consumer: Consumer, joined: Deferred<void>): void {
    const { GROUP_JOIN, COMMIT_OFFSETS, CRASH } = consumer.events
    this.#stopping.signal.addEventListener('abort', () => joined.reject(new Error('The subscription stops')), {
      once: true,
    })
    consumer.on(GROUP_JOIN, ({ payload: { memberAssignment, memberId } }) => {
      this.#parts.membership?.remember(memberId)
      this.#assigned = memberAssignment[this.#options.topic] ?? []
      joined.resolve()
      this.#parts.outage.passed()
      // A commit may have been lost with the last membership, and so may the pause.
      this.#committer.touch()
      if (this.#stopping.signal.aborted) this.#pause()
    })
    consumer.on(COMMIT_OFFSETS, ({ payload }) => {
      this.#confirmations += 1
      for (const { partition, offset } of payload.topics.flatMap((one) => one.partitions)) {
        this.#handOut.committed({ partition: Number(partition), offset: Number(offset) })
        this.#options.onCommitted?.({ partition: Number(partition), offset: String(offset) })
      }
    })
    consumer.on(CRASH, ({ payload: { error, restart } }) => {
      if (restart) return this.#parts.outage.failed(`consume "${this.#options.topic}"`, error)
      joined.reject(error)
      this.#replace(consumer, error)
    })
  }

  /** kafkajs gave up a consumer that had joined: says so, and makes another. */
  #replace(consumer: Consumer, error: Error): void {
    if (this.#consumer !== consumer || this.#stopping.signal.aborted) return
    this.#consumer = undefined
    const { clock, log } = this.#parts
    const { topic } = this.#options
    log.error('consumer gave up: making another', { topic, error: toFault(`consume "${topic}"`, error) })
    clock.after(againMs, () => {
      if (this.#stopping.signal.aborted) return
      this.start().catch((cause: unknown) => this.#replace(consumer, cause as Error))
    })
  }

  /** Fetches no more. Heartbeats go on, so that nobody else gets what is still being handled here. */
  #pause(): void {
    try {
      this.#consumer?.pause([{ topic: this.#options.topic }])
    } catch {
      // Not in the group just now, so nothing is fetched either; joining it again pauses.
    }
  }

  async #commit(offsets: readonly PartitionOffset[]): Promise<void> {
    const { topic } = this.#options
    if (this.#consumer === undefined) throw new Error('Cannot commit: the consumer is being replaced')
    const before = this.#confirmations
    await this.#consumer.commitOffsets(
      offsets.map(({ partition, offset }) => ({ topic, partition, offset: String(offset) })),
    )
    // kafkajs passes over a commit in silence while its consumer is not running.
    if (this.#confirmations === before) throw new Error('Cannot commit: the consumer is not running')
  }
}
