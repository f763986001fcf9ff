import type { Kafka } from 'kafkajs'
import { connectKafka } from '../../../invoker/adapters/kafka/connect-kafka.ts'
import { stderrLog } from './stderr-log.ts'

/** The product's own kafkajs client with its patches: both sides and the observer use the same. */
export function benchKafka(hosts: string, clientId: string): Kafka {
  return connectKafka({ brokers: hosts.split(','), clientId, log: stderrLog })
}
