import type { Kafka } from 'kafkajs'

/**
 * What kafkajs keeps to itself, and reading without a group or leaving for a dead member needs. The integration tests of
 * kafka-group and kafka-membership fail when it changes.
 */
export interface Cluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addTargetTopic(topic: string): Promise<void>
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, unknown>
  findBroker(of: { readonly nodeId: string }): Promise<HiddenBroker>
  findGroupCoordinator(of: { readonly groupId: string }): Promise<HiddenBroker>
  fetchTopicsOffset(topics: readonly OffsetQuery[]): Promise<{ partitions: { partition: number; offset: string }[] }[]>
}

/** Where a partition starts or ends. */
interface OffsetQuery {
  readonly topic: string
  readonly partitions: readonly { readonly partition: number }[]
  readonly fromBeginning: boolean
}

/** One broker of the cluster. */
interface HiddenBroker {
  fetch(request: object): Promise<{ responses: { partitions: { messages: FetchedRecord[] }[] }[] }>
  leaveGroup(member: { readonly groupId: string; readonly memberId: string }): Promise<unknown>
}

/** A record as it was fetched; control records are the broker's own. */
export interface FetchedRecord {
  readonly offset: string
  readonly value: Buffer | null
  readonly isControlRecord?: boolean
}

/** Connects a cluster of the client's, and disconnects it when the work has ended. */
export async function withCluster<T>(kafka: Kafka, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const cluster = createCluster(kafka)
  try {
    await cluster.connect()
    return await work(cluster)
  } finally {
    await cluster.disconnect()
  }
}

/** kafkajs makes clusters by a method under a symbol of its own. */
function createCluster(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find((one) => one.description === 'private:Kafka:createCluster')
  const create: unknown = symbol && Reflect.get(kafka, symbol)
  if (typeof create !== 'function') throw new TypeError('Cannot get at the cluster: kafkajs has changed')
  return create({ metadataMaxAge: 300_000, allowAutoTopicCreation: false })
}
