import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveProgram } from '../lib/program.ts'
import { CouchSink } from './couch.ts'

/** The stub store in its own process; ready with its URL. */
await serveProgram(async () => {
  const server = createServer({ keepAliveTimeout: 120_000 }, new CouchSink().listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ready: { url: `http://127.0.0.1:${port}` },
    stop: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
})
