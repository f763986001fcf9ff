import type { JournalEntry } from '../../ports/journal.ts'
import type { Note } from './journal-lines.ts'
import { readNote } from './journal-lines.ts'

/** The lines that an activation needs while it is not done. */
interface Open {
  readonly started: string
  readonly offset: string | undefined
  finished?: string
}

/** What the lines of a journal say: pure bookkeeping, the same when lines are written and when they are read back. */
export class KnownActivations {
  readonly #open = new Map<string, Open>()
  /** Done, and their messages may come again: the offsets by id. */
  readonly #done = new Map<string, string>()

  /** Whether it started and is not done. */
  isOpen(id: string): boolean {
    return this.#open.has(id)
  }

  wasDone(id: string): boolean {
    return this.#done.has(id)
  }

  started(id: string, started: string, offset: string | undefined): void {
    this.#done.delete(id)
    this.#open.set(id, { started, offset })
  }

  finished(id: string, finished: string): void {
    const open = this.#open.get(id)
    if (open !== undefined) open.finished = finished
  }

  done(id: string): void {
    const offset = this.#open.get(id)?.offset
    this.#open.delete(id)
    if (offset !== undefined) this.#done.set(id, offset)
  }

  /** Forgets what is done and cannot come again. */
  committed(offset: string): void {
    const end = Number(offset)
    for (const [id, at] of this.#done) if (Number(at) < end) this.#done.delete(id)
  }

  /** Takes a line that was read back; false for one that is none. */
  take(line: string): boolean {
    const note = readNote(line)
    switch (note?.kind) {
      case undefined:
        return false
      case 's':
        this.started(note.id, line, note.offset)
        return true
      case 'f':
        this.finished(note.id, line)
        return true
      case 'd':
        this.done(note.id)
        return true
      case 'c':
        this.committed(note.offset)
        return true
      default:
        return note satisfies never
    }
  }

  /** The lines that say all of this, and no more. */
  *lines(): Iterable<string> {
    for (const { started, finished } of this.#open.values()) {
      yield started
      if (finished !== undefined) yield finished
    }
    for (const [id, offset] of this.#done) {
      yield `s ${id} 0 ${offset} -`
      yield `d ${id}`
    }
  }

  /** What is not done. */
  entries(): Map<string, JournalEntry> {
    return new Map([...this.#open].flatMap(([id, open]) => entryOf(id, open)))
  }
}

function entryOf(id: string, open: Open): [string, JournalEntry][] {
  const started = readNote(open.started)
  const finished: Note | undefined = open.finished === undefined ? undefined : readNote(open.finished)
  if (started?.kind !== 's') return []
  const entry = { activationId: id, ackTopic: started.ackTopic, ackOffset: started.ackOffset }
  return [[id, finished?.kind === 'f' ? { ...entry, record: finished.record } : entry]]
}
