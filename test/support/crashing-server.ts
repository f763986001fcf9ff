/**
 * A server in a process of its own that kills itself right after a step was taken: `crashing-server.ts MODE STEP [TIMES]`, where
 * TIMES counts the activations that took it. What it is to do stands in its environment, as for every server.
 */
import { startStandalone } from '../../deploy/standalone/start.ts'
import type { OnStep } from '../../invoker/activation/steps.ts'
import { startInvoker } from '../../invoker/build.ts'
import { readConfig } from '../../invoker/config/read-config.ts'
import { checkout } from './run-program.ts'

const [mode, step, times = '1'] = process.argv.slice(2)
let left = Number(times)
const onStep: OnStep = (taken) => {
  if (taken !== step) return
  left -= 1
  if (left === 0) process.kill(process.pid, 'SIGKILL')
}
const around = { root: checkout, env: {}, onStep }
if (mode === 'invoker') {
  await startInvoker(readConfig(process.env, { mode }), around)
} else {
  const { url, guestKey } = await startStandalone(readConfig(process.env, { mode: 'standalone' }), around)
  process.stdout.write(`serves ${JSON.stringify({ url, guestKey })}\n`)
}
