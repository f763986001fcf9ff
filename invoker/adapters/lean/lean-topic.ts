import type { Incoming } from '../../ports/messaging.ts'
import type { TopicFile } from './topic-file.ts'
import { TopicState } from './topic-state.ts'

/** One who reads for a group. */
export interface Reader {
  /** There may be something to take. */
  wake(): void
}

/** A topic in memory, and in a file where its messages are to survive the process. */
export class LeanTopic {
  readonly #name: string
  readonly #state: TopicState
  readonly #file: TopicFile | undefined
  readonly #readers = new Map<string, Reader>()
  #isWaking = false

  constructor(name: string, state = new TopicState(), file?: TopicFile) {
    this.#name = name
    this.#state = state
    this.#file = file
  }

  get end(): number {
    return this.#state.end
  }

  /** Accepts a message, which is in the file first. Readers hear of it after the caller's own work. */
  add(value: string): void {
    this.#file?.message(this.#state.end, value)
    this.#state.add(Buffer.from(value))
    if (this.#isWaking) return
    this.#isWaking = true
    queueMicrotask(() => {
      this.#isWaking = false
      for (const reader of this.#readers.values()) reader.wake()
    })
  }

  /**
   * Makes `reader` the one that reads for a group; gives the lowest offset that the group has not done.
   * @throws Error when the group has a reader
   */
  join({ group, from }: { group: string; from: 'earliest' | 'latest' }, reader: Reader): number {
    if (this.#readers.has(group)) throw new Error(`Cannot read "${this.#name}" for "${group}": that group has a reader`)
    const isNew = !this.#state.groups.has(group)
    const { low } = this.#state.join(group, from)
    if (isNew) this.#file?.joined(group, low)
    this.#readers.set(group, reader)
    return low
  }

  /** Takes the reader of a group away; the next one gets what is not done. */
  leave(group: string): void {
    this.#readers.delete(group)
  }

  /** The first message from `offset` on that the group has not done. */
  next(group: string, offset: number): Incoming | undefined {
    const progress = this.#state.groups.get(group)
    for (let at = offset; at < this.#state.end; at += 1) {
      const value = this.#state.records.get(at)
      if (value !== undefined && !progress?.isDone(at)) return this.#incoming(at, value)
    }
    return undefined
  }

  /** Notes that a group has done a message; gives the lowest that it has not done, if that rose. */
  done(group: string, offset: number): number | undefined {
    const hasRisen = this.#state.done(group, offset)
    this.#file?.done(group, offset)
    return hasRisen ? this.#state.groups.get(group)?.low : undefined
  }

  /** The messages from `offset` on that are kept, as of the call. */
  from(offset: number): Incoming[] {
    return [...this.#state.records].filter(([at]) => at >= offset).map(([at, value]) => this.#incoming(at, value))
  }

  close(): void {
    this.#file?.close()
  }

  #incoming(offset: number, value: Buffer): Incoming {
    return { topic: this.#name, partition: 0, offset: String(offset), value }
  }
}
