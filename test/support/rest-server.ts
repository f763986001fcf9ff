import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Controller } from '../../deploy/standalone/controller.ts'
import { createRestApp } from '../../deploy/standalone/rest-app.ts'
import type { RestOptions } from '../../deploy/standalone/rest-options.ts'
import { systemClock } from '../../invoker/adapters/clock/system-clock.ts'
import { type Manifest, parseManifest } from '../../invoker/domain/manifest.ts'
import type { Databases } from '../../invoker/ports/documents.ts'
import { ActionStore } from '../../invoker/store/actions.ts'
import { ActivationStore } from '../../invoker/store/activations.ts'
import { Parameters } from '../../invoker/store/parameters.ts'
import { SubjectStore } from '../../invoker/store/subjects.ts'
import { aLog } from './a-log.ts'
import { EchoInvoker } from './echo-invoker.ts'
import { InstantMessaging } from './instant-messaging.ts'
import { pouchDirectory } from './pouch-directory.ts'

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
  const directory = await pouchDirectory()
  const { databases } = directory
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
    server.close()
    server.closeAllConnections()
    await controller.stop(AbortSignal.timeout(1_000))
    await directory.stop()
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, log, subjects, actions, activations, databases, echo, controller, messaging, stop }
}
