import { existsSync } from 'node:fs'
import path from 'node:path'
import { busyDirectory, unwritable } from '../../faults/directories.ts'
import { Fault } from '../../faults/fault.ts'
import { type HeldLock, lockDirectory, type TakenLock } from '../../lib/lock-file.ts'
import type { Log } from '../../ports/log.ts'
import type {
  Incoming,
  Messaging,
  OnMessage,
  SubscribeOptions,
  Subscription,
  TopicSpec,
} from '../../ports/messaging.ts'
import { LeanSubscription } from './lean-subscription.ts'
import { LeanTopic } from './lean-topic.ts'
import { TopicFile } from './topic-file.ts'
import { TopicState } from './topic-state.ts'

/** Where messages are kept that must survive the process. */
export interface Durability {
  readonly directory: string
  readonly isDurable: (topic: string) => boolean
  /** Whether they survive a loss of power too, at the price of a write to the disk for each. */
  readonly isSynced: boolean
}

/** What lean messaging needs. Without `durability`, what is not done when the process ends is lost. */
export interface LeanOptions {
  readonly log: Log
  readonly durability?: Durability
  /** Largest message, with what Kafka would add (protocol reference 1.7). */
  readonly maxMessageBytes?: number
}

const maxMessageBytes = 1_054_644
/** What Kafka's client would add to a message: the same texts are refused here as there. */
const overheadBytes = 88

/** {@link Messaging} in the process, for standalone (1.8). A group has one reader at a time; topics are made as they are named. */
export class LeanMessaging implements Messaging {
  readonly #options: LeanOptions
  readonly #topics = new Map<string, LeanTopic>()
  readonly #subscriptions = new Set<Subscription>()
  readonly #lock: HeldLock | undefined
  #isStopped = false

  /** @throws Fault STORE_BUSY when another process has the directory, STATE_UNWRITABLE when it cannot be used */
  constructor(options: LeanOptions) {
    this.#options = options
    this.#lock = options.durability && take(options.durability.directory)
  }

  async ensureTopic({ name }: TopicSpec): Promise<void> {
    this.#topic(name)
  }

  /** @throws Fault MESSAGE_TOO_LARGE; STATE_UNWRITABLE when the message must survive and the disk does not take it */
  async send(topic: string, value: string): Promise<void> {
    const bytes = Buffer.byteLength(value)
    const fitBytes = (this.#options.maxMessageBytes ?? maxMessageBytes) - overheadBytes
    if (bytes > fitBytes) {
      throw new Fault('MESSAGE_TOO_LARGE', `it has ${bytes} bytes, and ${fitBytes} fit`, { facts: { bytes } })
    }
    const target = this.#topic(topic)
    try {
      target.add(value)
    } catch (error) {
      throw unwritable(`topic "${topic}"`, error)
    }
  }

  async subscribe(options: SubscribeOptions, onMessage: OnMessage): Promise<Subscription> {
    const { log } = this.#options
    const subscription = new LeanSubscription(options, { topic: this.#topic(options.topic), onMessage, log })
    this.#subscriptions.add(subscription)
    return subscription
  }

  async endOffset(topic: string): Promise<string> {
    return String(this.#existing(topic)?.end ?? 0)
  }

  async *readFrom(topic: string, offset: string): AsyncIterable<Incoming> {
    yield* this.#existing(topic)?.from(Number(offset)) ?? []
  }

  async stop(signal: AbortSignal): Promise<void> {
    if (this.#isStopped) return
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop(signal)))
    this.#isStopped = true
    for (const topic of this.#topics.values()) topic.close()
    this.#lock?.release()
  }

  /** A topic that was made, now or by an earlier process. */
  #existing(name: string): LeanTopic | undefined {
    const file = this.#fileOf(name)
    return this.#topics.get(name) ?? (file !== undefined && existsSync(file) ? this.#topic(name) : undefined)
  }

  #topic(name: string): LeanTopic {
    let topic = this.#topics.get(name)
    if (topic === undefined) {
      if (this.#isStopped) throw new Fault('MESSAGING_UNAVAILABLE', `topic "${name}": messaging has stopped`)
      topic = this.#open(name)
      this.#topics.set(name, topic)
    }
    return topic
  }

  #open(name: string): LeanTopic {
    const { durability, log } = this.#options
    const path = this.#fileOf(name)
    if (durability === undefined || path === undefined) return new LeanTopic(name)
    const state = new TopicState()
    try {
      return new LeanTopic(name, state, new TopicFile({ path, isSynced: durability.isSynced, state, log }))
    } catch (error) {
      throw unwritable(`topic "${name}"`, error)
    }
  }

  /** Where a topic that must survive is kept. */
  #fileOf(name: string): string | undefined {
    const { durability } = this.#options
    return durability?.isDurable(name)
      ? path.join(durability.directory, `${encodeURIComponent(name)}.topic`)
      : undefined
  }
}

function take(directory: string): HeldLock {
  let lock: HeldLock | TakenLock
  try {
    lock = lockDirectory(directory, 'topics.lock')
  } catch (error) {
    throw unwritable(directory, error)
  }
  if ('holder' in lock) throw busyDirectory(directory, lock.holder)
  return lock
}
