import type { Kafka } from 'kafkajs'
import type { Incoming } from '../../ports/messaging.ts'
import { type Cluster, type FetchedRecord, withCluster } from './hidden-cluster.ts'

const maxBytes = 4 * 1024 * 1024

/** The offset after the last record of partition 0. */
export async function endOf(kafka: Kafka, topic: string): Promise<string> {
  return withTopic(kafka, topic, (cluster) => boundary(cluster, topic, 'end'))
}

/**
 * One slice of partition 0: the records from `offset` on that one fetch gives, and the end of the log. No group is joined, so nothing
 * is left behind in the broker and nothing is waited for. What retention has removed is left out.
 */
export async function readSlice(
  kafka: Kafka,
  { topic, offset }: { readonly topic: string; readonly offset: number },
): Promise<{ records: Incoming[]; next: number; end: number }> {
  return withTopic(kafka, topic, async (cluster) => {
    const end = Number(await boundary(cluster, topic, 'end'))
    const from = Math.max(offset, Number(await boundary(cluster, topic, 'start')))
    if (from >= end) return { records: [], next: end, end }
    const messages = await fetchFrom(cluster, topic, from)
    const records = messages
      .filter((message) => Number(message.offset) >= from && message.isControlRecord !== true)
      .map(({ offset, value }) => ({ topic, partition: 0, offset, value: value ?? Buffer.alloc(0) }))
    const last = messages.at(-1)
    return { records, next: last === undefined ? end : Number(last.offset) + 1, end }
  })
}

async function fetchFrom(cluster: Cluster, topic: string, offset: number): Promise<FetchedRecord[]> {
  const [nodeId = ''] = Object.keys(cluster.findLeaderForPartitions(topic, [0]))
  const broker = await cluster.findBroker({ nodeId })
  const partitions = [{ partition: 0, fetchOffset: String(offset), maxBytes }]
  const request = {
    maxWaitTime: 100,
    minBytes: 1,
    maxBytes,
    isolationLevel: 0,
    topics: [{ topic, partitions }],
    rackId: '',
  }
  const { responses } = await broker.fetch(request)
  return responses.flatMap((response) => response.partitions.flatMap((partition) => partition.messages))
}

async function boundary(cluster: Cluster, topic: string, which: 'start' | 'end'): Promise<string> {
  const query = { topic, partitions: [{ partition: 0 }], fromBeginning: which === 'start' }
  const [found] = await cluster.fetchTopicsOffset([query])
  return found?.partitions[0]?.offset ?? '0'
}

function withTopic<T>(kafka: Kafka, topic: string, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  return withCluster(kafka, async (cluster) => {
    await cluster.addTargetTopic(topic)
    return work(cluster)
  })
}
