import type { Consumer, Kafka, Producer } from 'kafkajs'
import { inTurn } from '../../../invoker/adapters/kafka/partitioner.ts'
import { activationMessage, type Invokable } from './message.ts'
import { Outstanding, readAck } from './outstanding.ts'

const stallMs = 60_000

/** What to send. */
export interface Drive {
  readonly topic: string
  readonly action: Invokable
  readonly count: number
  /** Activations that wait for their Completion at any time: a closed loop. */
  readonly inFlight: number
}

/** What came back, in ms from before the produce. */
export interface Driven {
  readonly resultMs: readonly number[]
  readonly completionMs: readonly number[]
  readonly elapsedMs: number
}

/**
 * The controller's side of the wire: produces activation messages and observes the acks on `completed0`. The clock of
 * both ends of a measurement is this process's.
 */
export class ControllerPeer {
  readonly #producer: Producer
  readonly #consumer: Consumer
  readonly #outstanding = new Outstanding()
  #sent = 0

  /** Use {@link ControllerPeer.connect}, which gives clients that are ready. */
  constructor(producer: Producer, consumer: Consumer) {
    this.#producer = producer
    this.#consumer = consumer
  }

  /** Makes the topics of the controller and of the given invokers, and starts to observe. */
  static async connect(kafka: Kafka, invokerTopics: readonly string[]): Promise<ControllerPeer> {
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: ['completed0', 'health', ...invokerTopics].map((topic) => ({ topic })) })
    await admin.disconnect()
    const producer = kafka.producer({ createPartitioner: inTurn })
    const consumer = kafka.consumer({ groupId: 'completed0', maxWaitTimeInMs: 500 })
    const peer = new ControllerPeer(producer, consumer)
    await producer.connect()
    await consumer.connect()
    await consumer.subscribe({ topic: 'completed0', fromBeginning: true })
    const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()))
    await consumer.run({ autoCommit: false, eachBatch: async ({ batch }) => peer.#observe(batch.messages) })
    await joined
    return peer
  }

  /** How many activations were sent in all. */
  get sent(): number {
    return this.#sent
  }

  /**
   * Sends `count` activations, `inFlight` at a time.
   * @throws Error when one fails, or when no ack comes for a minute.
   */
  async drive({ topic, action, count, inFlight }: Drive): Promise<Driven> {
    const resultMs: number[] = []
    const completionMs: number[] = []
    let left = count
    const stall = setTimeout(
      () => this.#outstanding.failAll(`Cannot go on: "${topic}" sent no ack for ${stallMs} ms`),
      stallMs,
    )
    const lane = async (): Promise<void> => {
      while (left > 0) {
        left -= 1
        const { sentAt, resultAt, completedAt } = await this.#activate(topic, action)
        stall.refresh()
        resultMs.push(resultAt - sentAt)
        completionMs.push(completedAt - sentAt)
      }
    }
    const start = performance.now()
    await Promise.all(Array.from({ length: inFlight }, lane)).finally(() => clearTimeout(stall))
    return { resultMs, completionMs, elapsedMs: performance.now() - start }
  }

  async stop(): Promise<void> {
    this.#outstanding.failAll('Cannot go on: the benchmark ends')
    await Promise.all([this.#consumer.disconnect(), this.#producer.disconnect()])
  }

  async #activate(topic: string, action: Invokable): Promise<Awaited<ReturnType<Outstanding['add']>>> {
    const { id, text } = activationMessage(action)
    this.#sent += 1
    const acked = this.#outstanding.add(id, performance.now())
    const [times] = await Promise.all([acked, this.#producer.send({ topic, acks: 1, messages: [{ value: text }] })])
    return times
  }

  #observe(messages: readonly { readonly value: Buffer | null }[]): void {
    const now = performance.now()
    for (const { value } of messages) this.#outstanding.ack(readAck(value?.toString() ?? ''), now)
  }
}
