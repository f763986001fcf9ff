import type { Kafka } from 'kafkajs'

/** What to consume, and what to do with each message's value. */
export interface Consumption {
  readonly kafka: Kafka
  readonly topic: string
  readonly handle: (value: Buffer) => Promise<void>
  readonly onFailure: (error: unknown) => void
}

const commitIntervalMs = 1000

/**
 * Consumes as OpenWhisk's invoker does (protocol reference 1.3): group as the topic, messages handed out without
 * waiting for each other. Offsets are committed once a second, which is less than any invoker may do that keeps count
 * of its work. Gives how to stop.
 */
export async function consume({ kafka, topic, handle, onFailure }: Consumption): Promise<() => Promise<void>> {
  const consumer = kafka.consumer({
    groupId: topic,
    sessionTimeout: 30_000,
    heartbeatInterval: 10_000,
    maxWaitTimeInMs: 500,
  })
  let next: string | undefined
  const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()))
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const { value } of batch.messages) if (value !== null) handle(value).catch(onFailure)
      next = String(BigInt(batch.lastOffset()) + 1n)
    },
  })
  await joined
  const timer = setInterval(() => {
    if (next === undefined) return
    consumer.commitOffsets([{ topic, partition: 0, offset: next }]).catch(onFailure)
    next = undefined
  }, commitIntervalMs)
  return async () => {
    clearInterval(timer)
    await consumer.disconnect()
  }
}
