import { systemClock } from '../../invoker/adapters/clock/system-clock.ts'
import { KafkaMessaging } from '../../invoker/adapters/kafka/kafka-messaging.ts'
import { LeanMessaging } from '../../invoker/adapters/lean/lean-messaging.ts'
import { aLog } from '../support/a-log.ts'
import { kafkaBroker } from '../support/kafka.ts'
import { tempDirectory } from '../support/temp-directory.ts'
import { messagingContract } from './messaging.contract.ts'

messagingContract('LeanMessaging', async () => ({
  isDurable: false,
  open: async () => new LeanMessaging({ log: aLog() }),
}))

messagingContract('LeanMessaging with files', async () => {
  const directory = await tempDirectory()
  const durability = { directory: directory.path, isDurable: () => true, isSynced: false }
  return {
    isDurable: true,
    open: async () => new LeanMessaging({ log: aLog(), durability }),
    close: () => directory.remove(),
  }
})

messagingContract('KafkaMessaging', async () => {
  const { hosts } = await kafkaBroker()
  const log = aLog()
  return {
    isDurable: true,
    open: async () =>
      new KafkaMessaging({
        brokers: [hosts],
        clientId: 'contract',
        clock: systemClock,
        log,
        sessionTimeoutMs: 6000,
        heartbeatIntervalMs: 500,
        maxWaitMs: 50,
        commitDelayMs: 20,
      }),
  }
})
