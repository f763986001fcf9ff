import { startInvoker } from '../../invoker/build.ts'
import type { Start } from './command.ts'

/** `warmwhisk invoker`: joins a deployment. What it does it tells in its log. */
export const runInvoker: Start = async (config, around) => {
  const invoker = await startInvoker(config, around)
  return { stop: (graceMs) => invoker.stop(graceMs) }
}
