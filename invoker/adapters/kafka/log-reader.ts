import type { Kafka } from 'kafkajs'
import type { Incoming } from '../../ports/messaging.ts'

/** What kafkajs keeps to itself and reading without a group needs. Pinned by test/integration/kafka-read-back.test.ts. */
interface Cluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addTargetTopic(topic: string): Promise<void>
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, unknown>
  findBroker(of: { readonly nodeId: string }): Promise<FetchingBroker>
  fetchTopicsOffset(topics: readonly OffsetQuery[]): Promise<{ partitions: { partition: number; offset: string }[] }[]>
}
interface OffsetQuery {
  readonly topic: string
  readonly partitions: readonly { readonly partition: number }[]
  readonly fromBeginning: boolean
}
interface FetchingBroker {
  fetch(request: object): Promise<{ responses: { partitions: { messages: FetchedRecord[] }[] }[] }>
}
interface FetchedRecord {
  readonly offset: string
  readonly value: Buffer | null
  readonly isControlRecord?: boolean
}

const maxBytes = 4 * 1024 * 1024

/** The offset after the last record of partition 0. */
export async function endOf(kafka: Kafka, topic: string): Promise<string> {
  return withCluster(kafka, topic, (cluster) => boundary(cluster, topic, 'end'))
}

/**
 * One slice of partition 0: the records from `offset` on that one fetch gives, and the end of the log. No group is joined, so nothing
 * is left behind in the broker and nothing is waited for. What retention has removed is left out.
 */
export async function readSlice(
  kafka: Kafka,
  { topic, offset }: { readonly topic: string; readonly offset: number },
): Promise<{ records: Incoming[]; next: number; end: number }> {
  return withCluster(kafka, topic, async (cluster) => {
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

async function withCluster<T>(kafka: Kafka, topic: string, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const cluster = createCluster(kafka)
  try {
    await cluster.connect()
    await cluster.addTargetTopic(topic)
    return await work(cluster)
  } finally {
    await cluster.disconnect()
  }
}

/** kafkajs makes clusters by a method under a symbol of its own. */
function createCluster(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find((one) => one.description === 'private:Kafka:createCluster')
  const create: unknown = symbol && Reflect.get(kafka, symbol)
  if (typeof create !== 'function') throw new TypeError('Cannot read without a group: kafkajs has changed')
  return create({ metadataMaxAge: 300_000, allowAutoTopicCreation: false })
}
