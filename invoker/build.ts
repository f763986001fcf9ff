import type { OnStep } from './activation/steps.ts'
import { adminApp } from './adapters/admin/admin-app.ts'
import { type AdminServer, listen } from './adapters/admin/admin-server.ts'
import { KafkaMessaging } from './adapters/kafka/kafka-messaging.ts'
import { securityOf } from './adapters/kafka/security.ts'
import { startContainers } from './build/containers.ts'
import { buildCore } from './build/core.ts'
import { couchDatabases, openStores } from './build/documents.ts'
import { buildImages } from './build/images.ts'
import { hostName, instanceOf, printableName } from './build/instance.ts'
import { journalDirectory } from './build/journal-dir.ts'
import { loadRuntimes } from './build/runtimes.ts'
import { openTelemetry } from './build/telemetry.ts'
import { javaSettings } from './config/java-settings.ts'
import type { Config } from './config/read-config.ts'
import { Shutdown } from './lib/shutdown.ts'

export type { OnStep }

/** Around an invoker: the checkout, the environment that containers may be given a part of, who is told of steps. */
export interface InvokerSurroundings {
  readonly root: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly onStep?: OnStep
}

/** A running drop-in invoker. */
export interface Invoker {
  /** Port of its admin HTTP. */
  readonly port: number
  stop(graceMs: number): Promise<void>
}

/**
 * Starts an invoker beside an OpenWhisk deployment, on its Kafka and its CouchDB, in the order of protocol reference 4.4.
 * What was started is stopped again when a later step fails.
 */
export async function startInvoker(config: Config, around: InvokerSurroundings): Promise<Invoker> {
  const shutdown = new Shutdown()
  try {
    const admin = await joinParts(config, { ...around, shutdown })
    return { port: admin.port, stop: (graceMs) => shutdown.stop(graceMs + lastWordsMs) }
  } catch (error) {
    await shutdown.stop(lastWordsMs)
    throw error
  }
}

/** What stopping takes beyond the drain: acks, records, containers. */
const lastWordsMs = 15_000

async function joinParts(
  config: Config,
  around: InvokerSurroundings & { readonly shutdown: Shutdown },
): Promise<AdminServer> {
  const { root, env, shutdown, onStep } = around
  const instance = instanceOf(config)
  const name = printableName(instance)
  const { clock, log, meter } = openTelemetry(config, name)
  const runtimes = await loadRuntimes(config, { root, log })
  const journalDir = journalDirectory(config, `/var/lib/warmwhisk/${hostName(instance)}`)
  const messaging = shutdown.own('messaging', kafkaMessaging(config, { name, clock, log, journalDir }))
  const databases = couchDatabases(config, { clock, log, meter, shutdown })
  const stores = openStores(config, {
    databases,
    manifest: runtimes.manifest,
    clock,
    log,
    meter,
    shutdown,
    isStaleAllowed: true,
  })
  const tools = { root, clock, log, meter, shutdown }
  const containers = await startContainers(config, { ...tools, instance: hostName(instance), host: runtimes.host })
  log.info('containers', { isolation: containers.isolation })
  const { protocol, name: apiName, port } = config.whiskApi
  const images = buildImages(config, {
    ...tools,
    ...{ env, containers, runtimes, database: databases.images, instance: hostName(instance) },
  })
  const core = buildCore(config, {
    ...{ instance, messaging, stores, containers, runtimes, images, clock, log, meter, shutdown, env },
    journalDir,
    apiHost: `${protocol}://${apiName}:${port}`,
    ...(onStep ? { onStep } : {}),
  })
  await stores.blacklist.start()
  await core.start()
  images?.start()
  return shutdown.own('admin port', await serveAdmin(config, { name, core, images, meter, log }))
}

function kafkaMessaging(
  { kafka, kafkaSecurity, limits }: Config,
  tools: Pick<ReturnType<typeof openTelemetry>, 'clock' | 'log'> & {
    readonly name: string
    readonly journalDir: string
  },
): KafkaMessaging {
  return new KafkaMessaging({
    brokers: kafka.hosts,
    clientId: tools.name,
    clock: tools.clock,
    log: tools.log,
    replicationFactor: kafka.replicationFactor,
    maxMessageBytes: limits.payloadBytes + kafka.serdesOverheadBytes,
    sessionTimeoutMs: kafka.sessionTimeoutMs,
    heartbeatIntervalMs: kafka.heartbeatIntervalMs,
    maxWaitMs: kafka.fetchMaxWaitMs,
    // Whoever holds the journal is the only one of its name: it may end the membership of a killed process.
    membershipDirectory: tools.journalDir,
    security: securityOf(javaSettings(kafkaSecurity)),
  })
}

function serveAdmin(
  { invoker }: Config,
  parts: {
    readonly name: string
    readonly core: ReturnType<typeof buildCore>
    readonly images: ReturnType<typeof buildImages>
    readonly meter: ReturnType<typeof openTelemetry>['meter']
    readonly log: ReturnType<typeof openTelemetry>['log']
  },
): Promise<AdminServer> {
  const { health } = parts.core
  const app = adminApp({
    name: parts.name,
    credentials: { username: invoker.username, password: invoker.password },
    invoker: {
      get isEnabled() {
        return health.isEnabled
      },
      enable: async () => {
        health.enable()
      },
      disable: async () => {
        await health.disable()
      },
    },
    images: { images: parts.images, log: parts.log },
    metrics: parts.meter,
  })
  const tls = {
    keystorePath: invoker.keystorePath ?? '',
    passphrase: invoker.keystorePassword,
    clientAuth: invoker.clientAuth,
  }
  return listen(app, { host: invoker.host, port: invoker.port, ...(invoker.protocol === 'https' ? { tls } : {}) })
}
