import { join } from 'node:path'
import { Pool } from 'undici'
import type { Step } from '../../../invoker/activation/steps.ts'
import type { JsonObject } from '../../../invoker/domain/json.ts'
import { exchange } from './exchange.ts'
import { monotonicMs } from './monotonic.ts'
import { startProgram } from './program.ts'

/** What the standalone program is told: settings by their names, such as `images.isEnabled`. */
export interface ServerSettings {
  readonly settings: Readonly<Record<string, string>>
}

/** What it says when it is ready. */
export interface ServerReady {
  readonly url: string
  /** `uuid:key` of the guest. */
  readonly guestKey: string
}

/** When an activation took which step, by {@link monotonicMs}. */
export type StepTimes = Readonly<Partial<Record<Step, number>>>

/** An action to create: its source, or a zip in base64 when `binary`. */
export interface ServerAction {
  readonly name: string
  readonly kind: string
  readonly code: string
  readonly binary: boolean
  readonly memoryMb: number
}

/** What a blocking invocation brought, with the times of its client, by {@link monotonicMs}. */
export interface Invoked {
  readonly activationId: string
  readonly sentMs: number
  readonly answeredMs: number
  readonly result: JsonObject
  readonly annotations: Readonly<Record<string, unknown>>
}

/** A standalone server in its own process, and a client of its REST API. */
export interface Server {
  /** Parent control group of its containers. */
  readonly controlGroup: string
  readonly dataDir: string
  create(action: ServerAction): Promise<void>
  remove(name: string): Promise<void>
  /** @throws Error when the activation does not succeed. */
  invoke(name: string, parameters: string): Promise<Invoked>
  /** When an activation took its steps; once, then they are forgotten. */
  steps(activationId: string): Promise<StepTimes>
  stop(): Promise<void>
}

/** What distinguishes a server from its neighbours on one machine. */
export interface ServerOptions {
  /** A short word; its data directory and its containers are named so. */
  readonly name: string
  readonly folder: string
  /** Its containers are in 10.`network`.0.0/16. */
  readonly network: number
  readonly settings: Readonly<Record<string, string>>
}

const timeoutMs = 60_000

/** Starts a server with its throttle out of the way; ready when it answers. */
export async function startServer({ name, folder, network, settings }: ServerOptions): Promise<Server> {
  const dataDir = join(folder, name)
  const uniqueName = `bench${process.pid}${name}`
  const program = await startProgram<ServerReady>('standalone', {
    settings: {
      'api.port': '0',
      'store.dataDir': dataDir,
      'invoker.uniqueName': uniqueName,
      'containers.subnet': `10.${network}.0.0/16`,
      'throttles.invocationsPerMinute': '1000000',
      'throttles.concurrentInvocations': '10000',
      'log.level': 'warn',
      ...settings,
    },
  })
  const { url, guestKey } = program.ready
  const client = new Pool(url)
  const authorization = `Basic ${Buffer.from(guestKey).toString('base64')}`
  const headers = ['content-type', 'application/json', 'authorization', authorization]
  const path = (action: string): string => `/api/v1/namespaces/_/actions/${action}`
  return {
    controlGroup: `warmwhisk-wsk${uniqueName}0`,
    dataDir,
    create: async ({ name: action, kind, code, binary, memoryMb }) => {
      const limits = { memory: memoryMb, timeout: timeoutMs }
      const body = JSON.stringify({ exec: { kind, code, binary }, limits })
      await exchange(client, { method: 'PUT', path: path(action), body, headers })
    },
    remove: async (action) => {
      await exchange(client, { method: 'DELETE', path: path(action), headers })
    },
    invoke: async (action, body) => {
      const sentMs = monotonicMs()
      const text = await exchange(client, { method: 'POST', path: `${path(action)}?blocking=true`, body, headers })
      return { sentMs, answeredMs: monotonicMs(), ...readActivation(text) }
    },
    steps: async (activationId) => ((await program.ask(activationId)) ?? {}) as StepTimes,
    stop: async () => {
      await client.close()
      await program.stop()
    },
  }
}

/** Reads the record that answers a blocking invocation. @throws Error when it is none of a success. */
export function readActivation(text: string): Pick<Invoked, 'activationId' | 'result' | 'annotations'> {
  const { activationId, response, annotations } = JSON.parse(text) as {
    readonly activationId: string
    readonly response?: { readonly success: boolean; readonly result: JsonObject }
    readonly annotations?: readonly { readonly key: string; readonly value: unknown }[]
  }
  if (response?.success !== true)
    throw new Error(`Cannot measure: the activation did not succeed: ${text.slice(0, 2000)}`)
  const pairs = (annotations ?? []).map(({ key, value }) => [key, value] as const)
  return { activationId, result: response.result, annotations: Object.fromEntries(pairs) }
}
