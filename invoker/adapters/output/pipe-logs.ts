import type { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../../ports/clock.ts'
import type { ContainerLogs, LogLine, LogTake, TakenLogs } from '../../ports/containers.ts'
import { dockerLineBytes } from './docker-line.ts'
import { LineSplitter, type RawLine, SENTINEL } from './line-splitter.ts'
import { Sections } from './sections.ts'

/** Turns of the event loop without a byte after which the pipes count as empty. */
const QUIET_TURNS = 3
const streams = ['stdout', 'stderr'] as const

/**
 * Reads the two pipes of a container for as long as it lives, whether anybody asks for its logs or not: an action that prints
 * is never held up. What is kept is bounded by `maxBytes` of text (UTF-16 units).
 */
export class PipeLogs implements ContainerLogs {
  readonly #clock: Clock
  readonly #sections: Sections
  readonly #ended = new Set<LogLine['stream']>()
  /** Called when something has come. */
  #wake: () => void = () => undefined
  /** Chunks that have come. */
  #chunks = 0

  constructor(options: {
    readonly stdout: Readable
    readonly stderr: Readable
    readonly clock: Clock
    readonly maxBytes: number
  }) {
    this.#clock = options.clock
    this.#sections = new Sections(options.maxBytes)
    for (const stream of streams) this.#read(stream, options[stream])
  }

  async take(options: LogTake): Promise<TakenLogs> {
    if (!options.awaitSentinels) await this.#quiet()
    const deadlineMs = this.#clock.now() + options.timeoutMs
    for (;;) {
      const end = this.#endOf(options)
      if (end !== undefined) return { lines: this.#giveAway(options.limitBytes, end), end }
      if (!(await this.#more(Math.min(options.idleMs, deadlineMs - this.#clock.now()))))
        return { lines: this.#giveAway(options.limitBytes, 'idle'), end: 'idle' }
    }
  }

  dropRest(): void {
    this.#sections.dropFinished()
  }

  #read(stream: LogLine['stream'], pipe: Readable): void {
    const splitter = new LineSplitter()
    const finish = (): void => {
      if (this.#ended.has(stream)) return
      for (const line of splitter.end()) this.#accept(stream, line)
      this.#ended.add(stream)
      this.#wake()
    }
    pipe.on('data', (chunk: Buffer) => {
      this.#chunks += 1
      for (const line of splitter.push(chunk)) this.#accept(stream, line)
      this.#wake()
    })
    // An error of a pipe is its end: nothing more will come, and there is nobody to tell.
    pipe.on('error', finish)
    pipe.on('close', finish)
    pipe.on('end', finish)
  }

  #accept(stream: LogLine['stream'], { bytes, isPartial }: RawLine): void {
    if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(SENTINEL)) {
      this.#sections.finish(stream)
    } else if (this.#sections.hasRoom) {
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
      const line = { time: this.#clock.now(), stream, text }
      this.#sections.add({ line, dockerBytes: dockerLineBytes(text, isPartial) })
    } else {
      this.#sections.discard(stream)
    }
  }

  /** Why a take ends now, or undefined while it waits. */
  #endOf(options: LogTake): TakenLogs['end'] | undefined {
    const { first } = this.#sections
    if (first.dockerBytes > options.limitBytes || first.discarded > 0) return 'limit'
    if (streams.every((stream) => first.done.has(stream))) return 'sentinels'
    if (streams.every((stream) => first.done.has(stream) || this.#ended.has(stream))) return 'closed'
    return options.awaitSentinels ? undefined : 'idle'
  }

  /** Lines of the oldest section up to the limit. The section is gone afterwards, unless it may still grow. */
  #giveAway(limitBytes: number, end: TakenLogs['end']): LogLine[] {
    const { first } = this.#sections
    const lines = first.lines.slice(0, within(first.lines, limitBytes)).map(({ line }) => line)
    if (end === 'sentinels') this.#sections.shift()
    else this.#sections.clear()
    return lines
  }

  /** Resolves true when something has come, false after `ms` without. */
  #more(ms: number): Promise<boolean> {
    if (ms <= 0) return Promise.resolve(false)
    return new Promise((resolve) => {
      const settle = (more: boolean): void => {
        cancel()
        this.#wake = () => undefined
        resolve(more)
      }
      const cancel = this.#clock.after(ms, () => settle(false))
      this.#wake = () => settle(true)
    })
  }

  /** Resolves when what the pipes hold now has been read. */
  async #quiet(): Promise<void> {
    for (let quiet = 0, seen = this.#chunks; quiet < QUIET_TURNS; quiet += 1) {
      await turn()
      if (this.#chunks !== seen) quiet = 0
      seen = this.#chunks
    }
  }
}

/** How many of the lines fit into `limitBytes`. */
function within(lines: readonly { readonly dockerBytes: number }[], limitBytes: number): number {
  let bytes = 0
  for (const [index, line] of lines.entries()) {
    bytes += line.dockerBytes
    if (bytes > limitBytes) return index
  }
  return lines.length
}
