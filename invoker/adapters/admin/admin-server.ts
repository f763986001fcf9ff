import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** Where the admin port listens, and the PKCS12 file that makes it speak https. */
export interface AdminServerOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly tls?: { readonly keystorePath: string; readonly passphrase: string; readonly clientAuth: boolean }
}

/** Starts to listen. @throws when the port is taken, or the PKCS12 file cannot be read. */
export async function listen(app: RequestListener, options: AdminServerOptions): Promise<AdminServer> {
  const server = options.tls ? httpsServer(app, options.tls) : createHttpServer(app)
  server.listen({ host: options.host, port: options.port })
  await once(server, 'listening')
  return new AdminServer(server)
}

/** A listening HTTP server. */
export class AdminServer {
  readonly #server: Server

  constructor(server: Server) {
    this.#server = server
  }

  /** The port in use. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Takes no more connections, lets requests end, and cuts off what is left when the signal aborts. */
  async stop(signal: AbortSignal): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeIdleConnections()
    const cut = () => this.#server.closeAllConnections()
    if (signal.aborted) cut()
    signal.addEventListener('abort', cut, { once: true })
    await closed
    signal.removeEventListener('abort', cut)
  }
}

function httpsServer(app: RequestListener, tls: NonNullable<AdminServerOptions['tls']>): Server {
  return createHttpsServer(
    {
      pfx: readFileSync(tls.keystorePath),
      passphrase: tls.passphrase,
      requestCert: tls.clientAuth,
      rejectUnauthorized: tls.clientAuth,
    },
    app,
  )
}
