import { rmSync } from 'node:fs'
import { freePort } from '../../deploy/kafka/free-port.ts'
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

/** Starts it, and resolves when it pings. `more` are further variables. */
export async function startDropIn(
  deployment: Deployment,
  more: Readonly<Record<string, string>> = {},
): Promise<DropIn> {
  const port = await freePort()
  const words = ['deploy/cli/warmwhisk.mjs', 'invoker', '--id', '0', '--uniqueName', deployment.name]
  const env = { ...deployment.openwhiskVariables, PORT: `${port}`, ...more }
  const pings = (await deployment.texts('health')).length
  const server = spawnServer(words, { folder: deployment.folder, env })
  outlivesTests(server.pid)
  await eventually('the invoker pings', async () => {
    if (server.hasEnded()) throw new Error(`The invoker ended\n${server.printed()}`)
    return (await deployment.texts('health')).length > pings
  })
  return {
    process: server,
    metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    stop: () => server.end('SIGTERM'),
  }
}

/** Removes the journal of a deployment's invoker, which stands where a package would put it. */
export function forgetDropIn(deployment: Deployment): void {
  rmSync(`/var/lib/warmwhisk/wsk${deployment.name}0`, { recursive: true, force: true })
}
