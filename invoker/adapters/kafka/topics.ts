import type { Admin, Kafka } from 'kafkajs'
import { type RetryPolicy, retry } from '../../lib/retry.ts'
import type { TopicSpec } from '../../ports/messaging.ts'
import { verdictOf } from './verdict.ts'

/** Settings that every topic has (protocol reference 1.2), in bytes. */
const segmentBytes = 536_870_912
const retentionBytes = 1_073_741_824

/** How long a topic that was just made may be unknown to the broker that is asked: one that is busy needs seconds. */
const untilKnown: RetryPolicy = { tries: 60, firstDelayMs: 20, maxDelayMs: 500 }

/** Creates the topic unless it is visible; one that is there is never altered (1.2). */
export async function ensureTopic(
  kafka: Kafka,
  topic: TopicSpec & { readonly replicationFactor: number },
): Promise<void> {
  await withAdmin(kafka, async (admin) => {
    const visible = await admin.listTopics()
    if (visible.includes(topic.name)) return
    // Gives false for a topic that another made meanwhile, which is as good.
    await admin.createTopics({
      // kafkajs would take a topic that is not known everywhere yet for one that is not there.
      waitForLeaders: false,
      topics: [
        {
          topic: topic.name,
          numPartitions: topic.partitions ?? 1,
          replicationFactor: topic.replicationFactor,
          configEntries: configEntries(topic),
        },
      ],
    })
    await retry(() => admin.fetchTopicMetadata({ topics: [topic.name] }), {
      policy: untilKnown,
      isRetryable: (error) => verdictOf(error) === 'no-topic' || isLeaderless(error),
    })
  })
}

function isLeaderless(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'type') === 'LEADER_NOT_AVAILABLE'
}

/** The settings of a topic as the broker takes them. */
function configEntries(topic: TopicSpec): { name: string; value: string }[] {
  const entries = [
    { name: 'retention.ms', value: String(topic.retentionMs) },
    { name: 'retention.bytes', value: String(retentionBytes) },
    { name: 'segment.bytes', value: String(segmentBytes) },
  ]
  if (topic.maxMessageBytes !== undefined) {
    entries.push({ name: 'max.message.bytes', value: String(topic.maxMessageBytes) })
  }
  return entries
}

/** Where each partition starts for a group that has no offset there: its end as of now. */
export async function uncommittedEnds(
  kafka: Kafka,
  { topic, group }: { readonly topic: string; readonly group: string },
): Promise<{ partition: number; offset: string }[]> {
  return withAdmin(kafka, async (admin) => {
    const [own] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
    const without = new Set(own?.partitions.filter(({ offset }) => offset === '-1').map(({ partition }) => partition))
    const ends = await admin.fetchTopicOffsets(topic)
    return ends
      .filter(({ partition }) => without.has(partition))
      .map(({ partition, high }) => ({ partition, offset: high }))
  })
}

async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin()
  try {
    await admin.connect()
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}
