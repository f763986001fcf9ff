import { KafkaMessaging } from '../../invoker/adapters/kafka/kafka-messaging.ts'
import { aLog } from '../support/a-log.ts'
import { kafkaBroker } from '../support/kafka.ts'
import { realClock } from '../support/real-clock.ts'
import { messagingContract } from './messaging.contract.ts'

messagingContract('KafkaMessaging', async () => {
  const { hosts } = await kafkaBroker()
  const log = aLog()
  return {
    isDurable: true,
    open: async () =>
      new KafkaMessaging({
        brokers: [hosts],
        clientId: 'contract',
        clock: realClock,
        log,
        sessionTimeoutMs: 6000,
        heartbeatIntervalMs: 500,
        maxWaitMs: 50,
        commitDelayMs: 20,
      }),
  }
})
