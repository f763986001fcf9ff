/**
 * An invoker in a process of its own that kills itself right after a step was taken: `crashing-invoker.ts STEP [TIMES]`, where
 * TIMES counts the activations that took it. What it is to do stands in its environment, as for every invoker.
 */
import { startInvoker } from '../../invoker/build.ts'
import { readConfig } from '../../invoker/config/read-config.ts'
import { checkout } from './run-program.ts'

const [step, times = '1'] = process.argv.slice(2)
let left = Number(times)
await startInvoker(readConfig(process.env, { mode: 'invoker' }), {
  root: checkout,
  env: {},
  onStep: (taken) => {
    if (taken !== step) return
    left -= 1
    if (left === 0) process.kill(process.pid, 'SIGKILL')
  },
})
