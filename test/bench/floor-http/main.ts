import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { serveProgram } from '../lib/program.ts'
import { RuntimeConnection, runBody } from '../lib/runtime-connection.ts'
import type { Sockets } from '../lib/sockets.ts'

/**
 * The floor of standalone, in its own process: an HTTP server that takes the parameters of `POST /<action>`, forwards
 * them to POST /run of the action's container and answers with the result. Ready with its URL.
 */
await serveProgram<{ sockets: Sockets }, { url: string }>(async ({ sockets }) => {
  const connections = new Map(
    Object.entries(sockets).map(([action, [path = '']]) => [action, new RuntimeConnection(path)]),
  )
  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    const action = (request.url ?? '').slice(1)
    const forward = async (): Promise<string> => {
      const connection = connections.get(action)
      if (connection === undefined) throw new Error(`Cannot run "${action}": the floor has no container for it`)
      const value: unknown = JSON.parse(await text(request))
      const id = randomUUID().replaceAll('-', '')
      return connection.run(runBody({ action, activationId: id, transactionId: id, value, nowMs: Date.now() }))
    }
    forward().then(
      (body) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
        response.end(body)
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    ready: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await Promise.all([...connections.values()].map((connection) => connection.close()))
    },
  }
})
