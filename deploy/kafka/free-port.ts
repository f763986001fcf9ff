import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port of loopback that nothing listens on at the moment, for a program that must be told its port before it starts. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('Cannot find a free port: no address was given')
  return address.port
}
