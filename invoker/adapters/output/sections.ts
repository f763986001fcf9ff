import type { LogLine } from '../../ports/containers.ts'

/** A line with what it costs. */
export interface CountedLine {
  readonly line: LogLine
  /** As docker's JSON would take (protocol reference 6.6, step 4). */
  readonly dockerBytes: number
}

/** What was printed between two sentinels. */
export interface Section {
  readonly lines: CountedLine[]
  dockerBytes: number
  /** Lines that came when the buffer was full. */
  discarded: number
  /** Streams that have come to the sentinel. */
  readonly done: Set<LogLine['stream']>
}

/** Memory that a line takes beyond its text: the objects around it. */
const LINE_COST = 128
/** More finished sections than this are never waiting: nobody takes logs of this container, and its oldest are dropped. */
const SECTIONS = 64

/**
 * Output of a container, cut into sections by the sentinels. Each stream is in a section of its own: what a stream prints
 * before its n-th sentinel belongs to the n-th activation, whatever order the two pipes are read in.
 * Bounded: beyond `maxBytes` the oldest lines stay and later ones are counted.
 */
export class Sections {
  readonly #maxBytes: number
  readonly #sections: Section[] = []
  /** Index in `#sections` where the next line of a stream goes. */
  readonly #cursor = { stdout: 0, stderr: 0 }
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Whether a line would be kept now; asked before its text is decoded. */
  get hasRoom(): boolean {
    return this.#bytes < this.#maxBytes
  }

  /** The oldest section: what the next take gives. */
  get first(): Section {
    return this.#at(0)
  }

  add(counted: CountedLine): void {
    const section = this.#at(this.#cursor[counted.line.stream])
    section.lines.push(counted)
    section.dockerBytes += counted.dockerBytes
    this.#bytes += LINE_COST + counted.line.text.length
  }

  discard(stream: LogLine['stream']): void {
    this.#at(this.#cursor[stream]).discarded += 1
  }

  /** The stream printed the sentinel. */
  finish(stream: LogLine['stream']): void {
    this.#at(this.#cursor[stream]).done.add(stream)
    this.#cursor[stream] += 1
    if (this.#sections.length > SECTIONS) this.shift()
  }

  /** Removes the oldest section; what a stream prints next goes to the one after it. */
  shift(): void {
    this.clear()
    this.#sections.shift()
    this.#cursor.stdout = Math.max(0, this.#cursor.stdout - 1)
    this.#cursor.stderr = Math.max(0, this.#cursor.stderr - 1)
  }

  /** Removes every section that a stream has left behind. */
  dropFinished(): void {
    while (this.#cursor.stdout > 0 || this.#cursor.stderr > 0) this.shift()
  }

  /** Forgets the lines of the oldest section, which stays open. */
  clear(): void {
    const { first } = this
    for (const { line } of first.lines) this.#bytes -= LINE_COST + line.text.length
    first.lines.length = 0
    first.dockerBytes = 0
    first.discarded = 0
  }

  #at(index: number): Section {
    for (let have = this.#sections.length; have <= index; have += 1) {
      this.#sections.push({ lines: [], dockerBytes: 0, discarded: 0, done: new Set() })
    }
    // The loop above has made it.
    return this.#sections[index] as Section
  }
}
