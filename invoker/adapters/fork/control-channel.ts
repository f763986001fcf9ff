import { Socket } from 'node:net'
import { deferred } from '../../lib/deferred.ts'
import type { Kernel } from '../../ports/kernel.ts'
import { Lines } from './lines.ts'
import { type Answer, type Request, readAnswer } from './messages.ts'

/** What a channel is made of. `fd` is our end; the channel owns it. */
export interface ChannelOptions {
  readonly fd: number
  readonly kernel: Pick<Kernel, 'sendWithDescriptors'>
  readonly onAnswer: (answer: Answer) => void
  /** The other end says what it must not say, or the socket fails. Nothing is read any more. */
  readonly onBroken: (why: string) => void
}

/** Lines of JSON over a Unix socket, to a template and from it. */
export class ControlChannel {
  /** Resolves when nothing more can come. */
  readonly ended: Promise<void>
  readonly #options: ChannelOptions
  readonly #socket: Socket
  readonly #lines = new Lines()

  constructor(options: ChannelOptions) {
    this.#options = options
    this.#socket = new Socket({ fd: options.fd, readable: true, writable: true })
    const end = deferred()
    this.ended = end.promise
    this.#socket.setEncoding('utf8')
    this.#socket.on('data', (text: string) => this.#read(text))
    this.#socket.on('error', (error) => this.#break(error))
    this.#socket.on('close', () => end.resolve())
  }

  /**
   * Sends a message, with copies of descriptors. @throws Error when the other end does not read; what was sent is nothing, or all
   * will be.
   */
  send(request: Request, descriptors: readonly number[] = []): void {
    const bytes = Buffer.from(`${JSON.stringify(request)}\n`)
    if (descriptors.length === 0) {
      this.#socket.write(bytes)
      return
    }
    const sent = this.#options.kernel.sendWithDescriptors(this.#options.fd, { bytes, descriptors })
    if (sent < bytes.length) this.#socket.write(bytes.subarray(sent))
  }

  /** The template ends when it sees this. May be called again. */
  close(): void {
    this.#socket.destroy()
  }

  #read(text: string): void {
    try {
      for (const line of this.#lines.push(text)) this.#options.onAnswer(readAnswer(line))
    } catch (error) {
      this.#break(error)
    }
  }

  #break(error: unknown): void {
    this.#socket.destroy()
    this.#options.onBroken(error instanceof Error ? error.message : String(error))
  }
}
