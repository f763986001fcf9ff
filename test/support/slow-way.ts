import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a server that can be held: connections stay, bytes wait. */
export interface SlowWay {
  readonly url: string
  /** Lets no answer through from now on. */
  hold(): void
  /** Lets through what waited, and what comes. */
  release(): void
  stop(): void
}

/** Opens a way to a server on loopback. */
export async function slowWay(to: string): Promise<SlowWay> {
  const target = Number(new URL(to).port)
  const answers = new Set<Socket>()
  const sockets = new Set<Socket>()
  let isHeld = false
  const server = createServer((client) => {
    const behind = connect(target, '127.0.0.1')
    for (const socket of [client, behind]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        answers.delete(socket)
      })
    }
    answers.add(behind)
    client.pipe(behind)
    behind.on('data', (bytes) => client.write(bytes))
    behind.on('end', () => client.end())
    if (isHeld) behind.pause()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold() {
      isHeld = true
      for (const socket of answers) socket.pause()
    },
    release() {
      isHeld = false
      for (const socket of answers) socket.resume()
    },
    stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
