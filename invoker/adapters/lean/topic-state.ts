import { GroupProgress } from './group-progress.ts'

/** What a topic without a group keeps for one that comes later, and no more. */
const keptCount = 1000
const keptBytes = 16 * 1024 * 1024

/**
 * The messages of a topic that some group has not done, and how far each group has come. Pure: what is delivered is
 * decided by lean-topic.ts, what is stored by topic-file.ts.
 */
export class TopicState {
  /** In rising order of the offsets. */
  readonly #records = new Map<number, Buffer>()
  readonly #groups = new Map<string, GroupProgress>()
  #bytes = 0
  #end = 0

  /** Offset of the next message. */
  get end(): number {
    return this.#end
  }

  get groups(): ReadonlyMap<string, GroupProgress> {
    return this.#groups
  }

  get records(): ReadonlyMap<number, Buffer> {
    return this.#records
  }

  /** Adds a message at the end, or at an offset beyond it that a file names. */
  add(value: Buffer, offset = this.#end): number {
    this.#records.set(offset, value)
    this.#bytes += value.length
    this.#end = offset + 1
    if (this.#groups.size === 0) this.#forgetOldest()
    return offset
  }

  /** Says that the topic goes on from this offset. */
  goOnFrom(end: number): void {
    this.#end = Math.max(this.#end, end)
  }

  /** The progress of a group; one that is new starts at the earliest message there is, at the end, or at an offset. */
  join(group: string, from: 'earliest' | 'latest' | number): GroupProgress {
    let progress = this.#groups.get(group)
    if (progress === undefined) {
      const [earliest = this.#end] = this.#records.keys()
      progress = new GroupProgress(typeof from === 'number' ? from : from === 'latest' ? this.#end : earliest)
      this.#groups.set(group, progress)
    }
    return progress
  }

  /** Notes that a group has done a message, which is forgotten when all have; gives whether the group's low rose. */
  done(group: string, offset: number): boolean {
    const hasRisen = this.#groups.get(group)?.done(offset) ?? false
    if ([...this.#groups.values()].every((progress) => progress.isDone(offset))) this.#forget(offset)
    return hasRisen
  }

  #forget(offset: number): void {
    this.#bytes -= this.#records.get(offset)?.length ?? 0
    this.#records.delete(offset)
  }

  #forgetOldest(): void {
    for (const offset of this.#records.keys()) {
      if (this.#records.size <= keptCount && this.#bytes <= keptBytes) return
      this.#forget(offset)
    }
  }
}
