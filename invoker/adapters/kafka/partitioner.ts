import type { ICustomPartitioner } from 'kafkajs'

/** Spreads messages, which have no key, over the partitions in turn; nearly every topic has one (protocol reference 1.2). */
export const inTurn: ICustomPartitioner = () => {
  let turn = 0
  return ({ partitionMetadata }) => {
    turn = partitionMetadata.length === 1 ? 0 : (turn + 1) % partitionMetadata.length
    return partitionMetadata[turn]?.partitionId ?? 0
  }
}
