import { startStandalone } from '../standalone/start.ts'
import type { Start } from './command.ts'

/** `warmwhisk standalone`: starts the server and prints what a person needs to use it. */
export const runStandalone: Start = async (config, around) => {
  const server = await startStandalone(config, around)
  around.print(`warmwhisk is ready

  API host    ${server.url}
  guest key   ${server.guestKey}
  data        ${server.dataDir}
  kinds       ${server.kinds.join(', ')}
  isolation   ${server.isolation}

  wsk property set --apihost ${server.url} --auth ${server.guestKey}
`)
  return { stop: (graceMs) => server.stop(graceMs) }
}
