import { closeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Kernel } from '../../ports/kernel.ts'
import { Lines } from './lines.ts'
import { readReport } from './messages.ts'

/** A pipe on which a restored child says, once, that it is about to serve, or why it cannot. */
export class ReportPipe {
  /** What the child gets a copy of. Open until {@link ReportPipe.handedOver}. */
  readonly writeFd: number
  /** @throws Error with what the child said, or when it ended without a word. */
  readonly ready: Promise<void>
  readonly #pipe: Socket
  #isHandedOver = false

  constructor(kernel: Pick<Kernel, 'pipe'>) {
    const { readFd, writeFd } = kernel.pipe()
    this.writeFd = writeFd
    this.#pipe = new Socket({ fd: readFd, readable: true, writable: false })
    this.ready = readyOf(this.#pipe)
    // It may fail before anybody waits for it.
    this.ready.catch(() => undefined)
  }

  /** The child has its copy, or never will: from here on its end is the end of the pipe. */
  handedOver(): void {
    if (this.#isHandedOver) return
    this.#isHandedOver = true
    closeSync(this.writeFd)
  }

  close(): void {
    this.handedOver()
    this.#pipe.destroy()
  }
}

async function readyOf(pipe: Socket): Promise<void> {
  const report = readReport(await firstLine(pipe))
  if (report.kind === 'failed') throw new Error(report.reason)
}

async function firstLine(pipe: Socket): Promise<string> {
  const lines = new Lines()
  for await (const text of pipe.setEncoding('utf8')) {
    const [line] = lines.push(String(text))
    if (line !== undefined) return line
  }
  throw new Error('the restored process ended before it was ready')
}
