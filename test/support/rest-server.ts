import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Controller } from '../../deploy/standalone/controller.ts'
import { createRestApp } from '../../deploy/standalone/rest-app.ts'
import type { RestOptions } from '../../deploy/standalone/rest-options.ts'
import { systemClock } from '../../invoker/adapters/clock/system-clock.ts'
import { CouchStore } from '../../invoker/adapters/couch/couch-store.ts'
import { type Manifest, parseManifest } from '../../invoker/domain/manifest.ts'
import type { Databases } from '../../invoker/ports/documents.ts'
import { ActionStore } from '../../invoker/store/actions.ts'
import { ActivationStore } from '../../invoker/store/activations.ts'
import { ensureDesigns } from '../../invoker/store/design/ensure.ts'
import { designNames } from '../../invoker/store/design/names.ts'
import { Parameters } from '../../invoker/store/parameters.ts'
import { SubjectStore } from '../../invoker/store/subjects.ts'
import { aLog } from './a-log.ts'
import { couchPeer } from './couch-peer.ts'
import { EchoInvoker } from './echo-invoker.ts'
import { InstantMessaging } from './instant-messaging.ts'

/** The REST API over real documents, with an invoker that echoes. */
export interface RestServer {
  readonly url: string
  readonly log: ReturnType<typeof aLog>
  readonly subjects: SubjectStore
  readonly actions: ActionStore
  readonly activations: ActivationStore
  readonly databases: Databases
  readonly echo: EchoInvoker
  readonly controller: Controller
  readonly messaging: InstantMessaging
  stop(): Promise<void>
}

const runtimes = new URL('recorded/runtimes-manifest.json', import.meta.url)

/** The manifest that the recordings were made with. */
export function recordedManifest(): Manifest {
  return parseManifest(JSON.parse(readFileSync(runtimes, 'utf8')))
}

/** The platform's limits of the recordings. */
export const recordedLimits: RestOptions['limits'] = {
  timeout: { min: 100, max: 300_000, std: 60_000 },
  memory: { min: 128, max: 512, std: 256 },
  logs: { min: 0, max: 10, std: 10 },
  concurrency: { min: 1, max: 1, std: 1 },
  payloadBytes: 1_048_576,
  truncationBytes: 1_048_576,
  parameterBytes: 1_048_576,
  codeBytes: 50_331_648,
}

/** Starts the API on a free port of loopback. `options` replaces what it is made of. */
export async function startRestServer(options: Partial<RestOptions> = {}): Promise<RestServer> {
  const databases = await freshDatabases()
  const [clock, log, manifest] = [options.clock ?? systemClock, aLog(), options.manifest ?? recordedManifest()]
  const actions = new ActionStore({ whisks: databases.whisks, manifest, clock, log })
  const activations = new ActivationStore({ activations: databases.activations, clock, isStaleAllowed: false })
  const subjects = new SubjectStore({ subjects: databases.subjects, clock })
  const messaging = new InstantMessaging()
  const wire = { controllerId: 'test', invokerTopic: 'invoker0' }
  const controller = new Controller({ messaging, activations, clock, log, ...wire })
  const echo = new EchoInvoker({ messaging, activations })
  await controller.start()
  await echo.start(wire.invokerTopic)
  const app = createRestApp({
    actions,
    activations,
    subjects,
    controller,
    manifest,
    parameters: new Parameters({ current: 'off', keys: {} }),
    limits: recordedLimits,
    throttles: { invocationsPerMinute: 600, concurrentInvocations: 60, firesPerMinute: 600, sequenceLength: 50 },
    clock,
    log,
    controllerId: wire.controllerId,
    build: { date: 'now', number: 'dev' },
    invokers: () => ({ 'invoker0/real0': 'up' }),
    blockingWaitMs: 60_000,
    requireApiKeyAnnotation: true,
    ...options,
  })
  const server = createServer(app)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await controller.stop(AbortSignal.timeout(1_000))
    for (const database of Object.values(databases)) await database.stop(AbortSignal.timeout(1_000))
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, log, subjects, actions, activations, databases, echo, controller, messaging, stop }
}

async function freshDatabases(): Promise<Databases> {
  const { url } = await couchPeer()
  const prefix = `rest_${randomUUID().slice(0, 8)}`
  const make = async (name: string): Promise<CouchStore> => {
    const store = new CouchStore({ url, database: `${prefix}_${name}` })
    await store.ensureDatabase()
    return store
  }
  const databases = {
    subjects: await make('subjects'),
    whisks: await make('whisks'),
    activations: await make('activations'),
  }
  await ensureDesigns(databases, designNames)
  return databases
}
