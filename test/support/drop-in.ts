import { rmSync } from 'node:fs'
import { freePort } from '../../deploy/kafka/free-port.ts'
import type { JsonObject } from '../../invoker/domain/json.ts'
import type { Deployment } from './a-deployment.ts'
import { eventually } from './eventually.ts'
import { outlivesTests } from './leak-check.ts'
import { type ServerProcess, spawnServer } from './server-process.ts'

/** `warmwhisk invoker` as an installer starts it: OpenWhisk's arguments and variables, and nothing of ours. */
export interface DropIn {
  readonly process: ServerProcess
  /** Its metrics, in the text form of Prometheus. */
  metrics(): Promise<string>
  /** Drains and stops it by SIGTERM; gives its exit code. */
  stop(): Promise<number | NodeJS.Signals>
}

/** Starts it, and resolves when it pings. `variables` are further ones, `id` is its number in the deployment. */
export async function startDropIn(
  deployment: Deployment,
  { variables = {}, id = 0 }: { readonly variables?: Readonly<Record<string, string>>; readonly id?: number } = {},
): Promise<DropIn> {
  const port = await freePort()
  const words = ['deploy/cli/warmwhisk.mjs', 'invoker', '--id', `${id}`, '--uniqueName', deployment.name]
  const env = { ...deployment.openwhiskVariables, PORT: `${port}`, ...variables }
  const pings = await pingsOf(deployment, id)
  const server = spawnServer(words, { folder: deployment.folder, env })
  outlivesTests(server.pid)
  await eventually('the invoker pings', async () => {
    if (server.hasEnded()) throw new Error(`The invoker ended\n${server.printed()}`)
    return (await pingsOf(deployment, id)) > pings
  })
  return {
    process: server,
    metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    stop: () => server.end('SIGTERM'),
  }
}

/** Removes the journal of a deployment's invoker, which stands where a package would put it. */
export function forgetDropIn(deployment: Deployment, id = 0): void {
  rmSync(`/var/lib/warmwhisk/wsk${deployment.name}${id}`, { recursive: true, force: true })
}

/** How often an invoker has pinged. */
async function pingsOf(deployment: Deployment, id: number): Promise<number> {
  const pings = await deployment.read('health')
  return pings.filter(({ name }) => (name as JsonObject).instance === id).length
}
