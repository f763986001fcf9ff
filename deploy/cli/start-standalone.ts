import { startStandalone } from '../standalone/start.ts'
import { banner } from './banner.ts'
import type { Start } from './command.ts'

/** `warmwhisk standalone`: starts the server and prints what a person needs to use it. */
export const runStandalone: Start = async (config, around) => {
  const server = await startStandalone(config, around)
  around.print(banner(server))
  return { stop: (graceMs) => server.stop(graceMs) }
}
