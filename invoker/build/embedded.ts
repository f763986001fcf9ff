import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { LeanMessaging } from '../adapters/lean/lean-messaging.ts'
import { openPouchDatabases } from '../adapters/pouch/pouch-databases.ts'
import type { Config } from '../config/read-config.ts'
import type { Databases } from '../ports/documents.ts'
import type { Messaging } from '../ports/messaging.ts'
import { ensureDesigns } from '../store/design/ensure.ts'
import { designNames } from '../store/design/names.ts'
import { Retention } from '../store/retention.ts'
import type { StoreTools } from './documents.ts'

/** What stands in for Kafka and CouchDB inside the process. */
export interface Embedded {
  readonly databases: Databases
  readonly messaging: Messaging
}

/**
 * Opens the data directory. Activation messages are kept in files until they are done: what was answered with 202 survives
 * a kill. Old activation records are removed in the background.
 * @throws Fault STORE_BUSY when another server has the directory
 */
export async function openEmbedded(config: Config, tools: StoreTools): Promise<Embedded> {
  const { log, shutdown } = tools
  const { dataDir } = config.store
  const databases = shutdown.own('embedded store', await openPouchDatabases({ directory: join(dataDir, 'store') }))
  await ensureDesigns(databases, designNames)
  const queue = join(dataDir, 'queue')
  mkdirSync(queue, { recursive: true, mode: 0o700 })
  const messaging = shutdown.own(
    'embedded queue',
    new LeanMessaging({
      log,
      durability: {
        directory: queue,
        isDurable: (topic) => topic.startsWith(`${config.kafka.topicPrefix}invoker`),
        isSynced: config.journal.fsync,
      },
      maxMessageBytes: config.limits.payloadBytes + config.kafka.serdesOverheadBytes,
    }),
  )
  keepFor(config.activations.retentionMs, { ...tools, databases })
  return { databases, messaging }
}

function keepFor(maxAgeMs: number, parts: StoreTools & { readonly databases: Databases }): void {
  if (maxAgeMs === 0) return
  const { databases, clock, log, shutdown } = parts
  const retention = new Retention({ activations: databases.activations, clock, log, maxAgeMs })
  shutdown.own('retention', retention).start()
}
