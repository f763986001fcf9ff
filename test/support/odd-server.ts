import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An HTTP server that answers as a test says. */
export interface OddServer {
  readonly url: string
  /** `METHOD path` of each request, in order. */
  readonly requests: readonly string[]
  stop(): Promise<void>
}

/** Starts it on a free port of loopback. Connections that it holds are cut at its stop. */
export async function oddServer(answer: RequestListener): Promise<OddServer> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
