import { systemClock } from '../../invoker/adapters/clock/system-clock.ts'
import { KafkaMessaging, type KafkaOptions } from '../../invoker/adapters/kafka/kafka-messaging.ts'
import { aLog } from './a-log.ts'

/** Kafka messaging with times short enough for a test: a member that dies is missed after two seconds. */
export function aKafkaMessaging(hosts: string, more: Partial<KafkaOptions> = {}): KafkaMessaging {
  return new KafkaMessaging({
    brokers: [hosts],
    clientId: 'test',
    clock: systemClock,
    log: aLog(),
    sessionTimeoutMs: 2000,
    heartbeatIntervalMs: 300,
    maxWaitMs: 50,
    commitDelayMs: 20,
    ...more,
  })
}
