import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import type { JsonObject } from '../../invoker/domain/json.ts'
import type { Endpoint } from '../../invoker/ports/containers.ts'

/** Answers one request as it likes: by any bytes, or none. */
export type PeerHandler = (socket: Socket) => unknown

/** A server that a test makes misbehave: it reads requests honestly and leaves each answer to a handler. */
export class ScriptedPeer {
  readonly endpoint: Endpoint
  readonly requests: { readonly path: string; readonly body: JsonObject }[] = []
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #handler: PeerHandler = (socket) => socket.destroy()

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint
  }

  answer(handler: PeerHandler): void {
    this.#handler = handler
  }

  async start(): Promise<void> {
    this.#server = createServer((socket) => this.#serve(socket))
    if ('socketPath' in this.endpoint) {
      rmSync(this.endpoint.socketPath, { force: true })
      this.#server.listen(this.endpoint.socketPath)
    } else this.#server.listen(this.endpoint.port, this.endpoint.host)
    await once(this.#server, 'listening')
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    for (const socket of this.#sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    let received = Buffer.alloc(0)
    socket.on('close', () => this.#sockets.delete(socket))
    // The client leaves when it has had enough, often in the middle of an answer.
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      const head = received.indexOf('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(received.subarray(0, head).toString())?.[1] ?? 0)
      if (head < 0 || received.length < head + 4 + length) return
      const path = received.toString('latin1', 0, head).split(' ')[1] ?? ''
      this.requests.push({ path, body: JSON.parse(received.toString('utf8', head + 4, head + 4 + length)) })
      received = Buffer.alloc(0)
      this.#handler(socket)
    })
  }
}
