import { Agent, request } from 'node:http'
import type { RawResponse } from './replay-exchange.ts'

/** One call of the API. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string | undefined
}

/** Calls an HTTP server over kept-alive connections. Paths go out as they are. */
export class HttpCaller {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 })
  readonly #base: URL

  constructor(url: string) {
    this.#base = new URL(url)
  }

  call({ method, path, headers = {}, body }: Call): Promise<RawResponse> {
    const bytes = body === undefined ? undefined : Buffer.from(body)
    const hasBody = ['POST', 'PUT', 'PATCH'].includes(method) || bytes !== undefined
    return new Promise((resolve, reject) => {
      const sending = request({
        host: this.#base.hostname,
        port: this.#base.port,
        method,
        path,
        agent: this.#agent,
        headers: { accept: '*/*', ...headers, ...(hasBody ? { 'content-length': bytes?.length ?? 0 } : {}) },
      })
      sending.once('error', reject)
      sending.once('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        )
      })
      sending.end(bytes)
    })
  }

  /** Closes the connections. */
  close(): void {
    this.#agent.destroy()
  }
}
