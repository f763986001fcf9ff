import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type Containers, startContainers } from '../../invoker/build/containers.ts'
import { buildCore } from '../../invoker/build/core.ts'
import { openStores, type Stores } from '../../invoker/build/documents.ts'
import { openEmbedded } from '../../invoker/build/embedded.ts'
import { buildImages, imagesForOperators } from '../../invoker/build/images.ts'
import { hostName, instanceOf, printableName } from '../../invoker/build/instance.ts'
import { journalDirectory } from '../../invoker/build/journal-dir.ts'
import { loadRuntimes, type Runtimes } from '../../invoker/build/runtimes.ts'
import { openTelemetry, type Telemetry } from '../../invoker/build/telemetry.ts'
import type { OnStep } from '../../invoker/build.ts'
import type { Config } from '../../invoker/config/read-config.ts'
import type { InvokerInstance } from '../../invoker/domain/instance.ts'
import { Shutdown } from '../../invoker/lib/shutdown.ts'
import { SubjectStore } from '../../invoker/store/subjects.ts'
import { AdminSocket } from './admin-socket.ts'
import { buildInfo } from './build-info.ts'
import { Controller } from './controller.ts'
import { ensureFirstUsers } from './first-users.ts'
import { HttpServer } from './http-server.ts'
import { createRestApp } from './rest-app.ts'
import type { RestOptions } from './rest-options.ts'

/** Around a standalone server: the checkout, the environment that containers may be given a part of, who is told of steps. */
export interface StandaloneSurroundings {
  readonly root: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly onStep?: OnStep
  /** What `GET /api/v1` tells of the build; absent: what package.json tells. */
  readonly build?: RestOptions['build']
}

/** A running standalone server. */
export interface Standalone {
  /** The API host, with its scheme: `wsk` takes one without for https. */
  readonly url: string
  /** `uuid:key` of the guest. */
  readonly guestKey: string
  readonly dataDir: string
  /** What isolates containers, as a sentence. */
  readonly isolation: string
  /** Kinds that can run here. */
  readonly kinds: readonly string[]
  stop(graceMs: number): Promise<void>
}

/** The one controller of a standalone server, as its acks name it. */
const controllerId = 'standalone'

/** What stopping takes beyond the drain: acks, records, containers. */
const lastWordsMs = 15_000

/** Starts the API and an invoker in this process. What was started is stopped again when a later step fails. */
export async function startStandalone(config: Config, around: StandaloneSurroundings): Promise<Standalone> {
  const shutdown = new Shutdown()
  try {
    const parts = await joinParts(config, { ...around, shutdown })
    return { ...parts, stop: (graceMs) => shutdown.stop(graceMs + lastWordsMs) }
  } catch (error) {
    await shutdown.stop(lastWordsMs)
    throw error
  }
}

type Parts = Telemetry & {
  readonly build: RestOptions['build']
  readonly instance: InvokerInstance
  readonly runtimes: Runtimes
  readonly stores: Stores
  readonly containers: Containers
  readonly controller: Controller
  readonly subjects: SubjectStore
}

async function joinParts(
  config: Config,
  around: StandaloneSurroundings & { readonly shutdown: Shutdown },
): Promise<Omit<Standalone, 'stop'>> {
  const { root, env, shutdown, onStep, build = buildInfo(root) } = around
  const { dataDir } = config.store
  const instance = { ...instanceOf(config), uniqueName: config.invoker.uniqueName ?? nameOf(dataDir) }
  const telemetry = openTelemetry(config, printableName(instance))
  const tools = { ...telemetry, root, shutdown }
  const runtimes = await loadRuntimes(config, tools)
  const http = new HttpServer()
  await http.listen(config.api.host, config.api.port)
  shutdown.own('API', http)
  const { databases, messaging } = await openEmbedded(config, tools)
  const stores = openStores(config, { ...tools, databases, manifest: runtimes.manifest, isStaleAllowed: false })
  const subjects = new SubjectStore({ subjects: databases.subjects, clock: telemetry.clock })
  const guestKey = await ensureFirstUsers(subjects, config.api.host)
  const adminSocket = shutdown.own('admin socket', new AdminSocket({ dataDir, subjects, log: telemetry.log }))
  await adminSocket.start()
  const containers = await startContainers(config, {
    ...tools,
    instance: hostName(instance),
    host: runtimes.host,
    apiPort: http.port,
  })
  if (containers.gateway !== undefined) await http.listen(containers.gateway, http.port)
  const controller = new Controller({
    ...telemetry,
    messaging,
    activations: stores.activations,
    controllerId,
    invokerTopic: `${config.kafka.topicPrefix}invoker${instance.instance}`,
  })
  await controller.start()
  shutdown.own('controller', controller)
  const images = buildImages(config, {
    ...tools,
    ...{ env, containers, runtimes, database: databases.images, instance: hostName(instance) },
  })
  const core = buildCore(config, {
    ...tools,
    ...{ instance, messaging, stores, containers, runtimes, images, env },
    journalDir: journalDirectory(config, join(dataDir, 'journal')),
    apiHost: `http://${containers.gateway ?? config.api.host}:${http.port}`,
    ...(onStep ? { onStep } : {}),
  })
  await stores.blacklist.start()
  await core.start()
  images?.start()
  adminSocket.mount('/images', imagesForOperators(images, telemetry.log))
  shutdown.own('API intake', { stop: async () => http.refuse() })
  http.serve(restApp(config, { ...telemetry, build, instance, runtimes, stores, containers, controller, subjects }))
  const { isolation } = containers
  const url = `http://${hostForUrl(config.api.host)}:${http.port}`
  return { url, guestKey, dataDir, isolation, kinds: [...runtimes.host.offered.keys()] }
}

function restApp(config: Config, parts: Parts): ReturnType<typeof createRestApp> {
  const { stores, instance } = parts
  return createRestApp({
    actions: stores.actions,
    activations: stores.activations,
    parameters: stores.parameters,
    subjects: parts.subjects,
    controller: parts.controller,
    manifest: parts.runtimes.manifest,
    limits: config.limits,
    throttles: config.throttles,
    clock: parts.clock,
    log: parts.log,
    controllerId,
    build: parts.build,
    metrics: parts.meter,
    invokers: () => ({ [printableName(instance)]: 'up' }),
    blockingWaitMs: config.api.blockingWaitMs,
    requireApiKeyAnnotation: config.api.requireApiKeyAnnotation,
  })
}

/** Each data directory is an invoker of its own on the host, so that servers with different ones live side by side. */
function nameOf(dataDir: string): string {
  return createHash('sha256').update(dataDir).digest('hex').slice(0, 8)
}

function hostForUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
