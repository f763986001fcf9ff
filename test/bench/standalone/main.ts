import { totalmem } from 'node:os'
import { startStandalone } from '../../../deploy/standalone/start.ts'
import type { Step } from '../../../invoker/activation/steps.ts'
import { readConfig } from '../../../invoker/config/read-config.ts'
import { monotonicMs } from '../lib/monotonic.ts'
import { serveProgram } from '../lib/program.ts'
import type { ServerReady, ServerSettings } from '../lib/server.ts'

const graceMs = 5_000

/**
 * The standalone server in a process of its own, as `warmwhisk standalone` starts it, with an ear for the steps of activations: it
 * notes when each was taken, which records tell in whole milliseconds only. Asked for an activation's id, it gives and forgets them.
 */
await serveProgram<ServerSettings, ServerReady>(async ({ settings }) => {
  const overrides = Object.entries(settings).map(([name, value]) => [name, { variable: name, value }] as const)
  const machineMb = Math.floor(totalmem() / 1024 / 1024)
  const config = readConfig({}, { mode: 'standalone', overrides: Object.fromEntries(overrides), machineMb })
  const taken = new Map<string, Partial<Record<Step, number>>>()
  const onStep = (step: Step, activationId: string): void => {
    const times = taken.get(activationId) ?? {}
    times[step] ??= monotonicMs()
    taken.set(activationId, times)
  }
  const server = await startStandalone(config, { root: process.cwd(), env: {}, onStep })
  return {
    ready: { url: server.url, guestKey: server.guestKey },
    answer: (activationId) => {
      const times = taken.get(activationId)
      taken.delete(activationId)
      return times
    },
    stop: () => server.stop(graceMs),
  }
})
