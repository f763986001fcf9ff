import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { Fault } from '../../invoker/faults/fault.ts'

/** The REST port. It takes its address before anything else is started, and answers 503 until it is told who answers. */
export class HttpServer {
  readonly #servers: Server[] = []
  readonly #closed: Promise<unknown>[] = []
  #answer: RequestListener = unavailable('The server is starting')

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
    this.#closed.push(once(server, 'close'))
  }

  /** From now on `app` answers. */
  serve(app: RequestListener): void {
    this.#answer = app
  }

  /** Begins the end: takes no more connections, and answers 503 to what still comes on open ones. Requests under way go on. */
  refuse(): void {
    this.#answer = unavailable('The server is stopping')
    for (const server of this.#servers) {
      server.close()
      server.closeIdleConnections()
      // A connection whose request ends from now on is not kept for another.
      server.keepAliveTimeout = 1
    }
  }

  /** Refuses, lets requests under way end, and cuts off what is left when the signal aborts. */
  async stop(signal: AbortSignal): Promise<void> {
    this.refuse()
    const cut = (): void => {
      for (const server of this.#servers) server.closeAllConnections()
    }
    if (signal.aborted) cut()
    signal.addEventListener('abort', cut, { once: true })
    await Promise.all(this.#closed)
    signal.removeEventListener('abort', cut)
  }
}

function unavailable(text: string): RequestListener {
  return (_request, response) => {
    response.writeHead(503, { 'Content-Type': 'text/plain', 'Retry-After': '1', Connection: 'close' }).end(text)
  }
}
