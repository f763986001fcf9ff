import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { Fault } from '../../invoker/faults/fault.ts'

/** The REST port. It takes its address before anything else is started, and answers 503 until it is told who answers. */
export class HttpServer {
  readonly #servers: Server[] = []
  #answer: RequestListener = (_request, response) => {
    response.writeHead(503, { 'Content-Type': 'text/plain', 'Retry-After': '1' }).end('The server is starting')
  }

  /** The port of the first address; 0 before it listens. */
  get port(): number {
    const address = this.#servers[0]?.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** Listens on one address more. @throws Fault ADDRESS_TAKEN when it cannot. */
  async listen(host: string, port: number): Promise<void> {
    const server = createServer((request, response) => this.#answer(request, response))
    server.listen({ host, port })
    try {
      await once(server, 'listening')
    } catch (cause) {
      const detail = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
      throw new Fault('ADDRESS_TAKEN', `${host}:${port} gives ${detail}: choose another with --port`, { cause })
    }
    this.#servers.push(server)
  }

  /** From now on `app` answers. */
  serve(app: RequestListener): void {
    this.#answer = app
  }

  /** Takes no more connections, lets requests end, and cuts off what is left when the signal aborts. */
  async stop(signal: AbortSignal): Promise<void> {
    const cut = (): void => {
      for (const server of this.#servers) server.closeAllConnections()
    }
    const closed = this.#servers.map((server) => {
      const end = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      return end
    })
    if (signal.aborted) cut()
    signal.addEventListener('abort', cut, { once: true })
    await Promise.all(closed)
    signal.removeEventListener('abort', cut)
  }
}
