import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer, isIPv6, type Server, type Socket as TcpSocket } from 'node:net'

/** When the next server is asked as well, ms; a resolver in a container gives up after five seconds. */
const NEXT_SERVER_MS = 1500
const GIVE_UP_MS = 5000
/** Questions under way; more are dropped, and asked again by whoever asked. */
const MAX_QUESTIONS = 1024

/**
 * Hands questions about names to the host's resolvers and the answers back, by UDP and TCP, unread. It runs in the host's
 * network, so that a resolver on the host's loopback answers containers too.
 */
export class DnsRelay {
  readonly #servers: () => readonly string[]
  readonly #port: number
  readonly #questions = new Set<Socket>()
  readonly #connections = new Set<TcpSocket>()
  #udp: Socket | undefined
  #tcp: Server | undefined

  /** `servers` is asked for each question; `port` is where the servers listen. */
  constructor({ servers, port = 53 }: { readonly servers: () => readonly string[]; readonly port?: number }) {
    this.#servers = servers
    this.#port = port
  }

  /** Listens at `address` and gives the port, the same for UDP and TCP. @throws Error when no port is free. */
  async start(address: string): Promise<number> {
    const tcp = createServer((connection) => this.#relayTcp(connection))
    this.#tcp = tcp
    tcp.listen(0, address)
    await once(tcp, 'listening')
    const bound = tcp.address()
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0
    const udp = createSocket('udp4', (question, from) => this.#ask(question, from))
    this.#udp = udp
    udp.bind(port, address)
    await once(udp, 'listening')
    // Errors of single packets (an asker that is gone) concern nobody else.
    udp.on('error', () => undefined)
    return port
  }

  async stop(): Promise<void> {
    for (const question of this.#questions) question.close()
    for (const connection of this.#connections) connection.destroy()
    this.#questions.clear()
    this.#udp?.close()
    this.#tcp?.close()
  }

  #ask(question: Uint8Array, from: RemoteInfo): void {
    const servers = [...this.#servers()]
    const [first] = servers
    if (first === undefined || this.#questions.size >= MAX_QUESTIONS) return
    // A port of its own for each question: answers cannot be guessed or mixed up.
    const socket = createSocket(isIPv6(first) ? 'udp6' : 'udp4')
    this.#questions.add(socket)
    const next = (): void => {
      const server = servers.shift()
      if (server !== undefined) socket.send(question, this.#port, server)
    }
    const again = setInterval(next, NEXT_SERVER_MS)
    const done = (): void => {
      clearInterval(again)
      clearTimeout(late)
      if (this.#questions.delete(socket)) socket.close()
    }
    const late = setTimeout(done, GIVE_UP_MS)
    socket.on('message', (answer, { port }) => {
      if (port !== this.#port) return
      this.#udp?.send(answer, from.port, from.address)
      done()
    })
    // The server refuses or cannot be reached: the next one is asked at its time.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(again)
      clearTimeout(late)
    })
    next()
  }

  #relayTcp(connection: TcpSocket): void {
    const [server] = this.#servers()
    if (server === undefined || this.#connections.size >= MAX_QUESTIONS) {
      connection.destroy()
      return
    }
    const upstream = connect(this.#port, server)
    for (const [one, other] of [
      [connection, upstream],
      [upstream, connection],
    ] as const) {
      this.#connections.add(one)
      one.setTimeout(GIVE_UP_MS, () => one.destroy())
      one.pipe(other)
      // The other end learns of it by its own close.
      one.on('error', () => undefined)
      one.on('close', () => {
        this.#connections.delete(one)
        other.destroy()
      })
    }
  }
}
