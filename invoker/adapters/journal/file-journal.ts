import path from 'node:path'
import { busyDirectory, unwritable } from '../../faults/directories.ts'
import { LineFile } from '../../lib/line-file.ts'
import { type HeldLock, lockDirectory, type TakenLock } from '../../lib/lock-file.ts'
import type { Journal, JournalEntry, JournalStep } from '../../ports/journal.ts'
import type { Log } from '../../ports/log.ts'
import { committedLine, doneLine, finishedLine, magic, startedLine } from './journal-lines.ts'
import { KnownActivations } from './known-activations.ts'

/** Where and how the journal is kept. */
export interface FileJournalOptions {
  /** The invoker's state directory; made where it is not there. */
  readonly directory: string
  /** Whether notes survive a loss of power too, at the price of a write to the disk for each. */
  readonly isSynced: boolean
  readonly log: Log
  /** Size from which the file is rewritten, if most of it is over by then. */
  readonly compactAboveBytes?: number
}

/** {@link Journal} in one file of a directory that no other invoker shares. Its size follows what is open, not what has been. */
export class FileJournal implements Journal {
  readonly #file: LineFile
  readonly #lock: HeldLock
  readonly #known = new KnownActivations()
  readonly #found: ReadonlyMap<string, JournalEntry>
  readonly #compactAboveBytes: number
  #limitBytes: number

  /** @throws Fault STORE_BUSY when another process has the directory, STATE_UNWRITABLE when it cannot be used */
  constructor({ directory, isSynced, log, compactAboveBytes = 4 * 1024 * 1024 }: FileJournalOptions) {
    this.#compactAboveBytes = compactAboveBytes
    this.#lock = take(directory)
    try {
      this.#file = new LineFile({ path: path.join(directory, 'journal'), magic, isSynced })
      this.#takeFound(log)
      this.#found = this.#known.entries()
      this.#limitBytes = this.#compact()
    } catch (error) {
      this.#lock.release()
      throw unwritable(directory, error)
    }
  }

  note(activationId: string, step: JournalStep): void {
    switch (step.step) {
      case 'started': {
        const line = startedLine(activationId, step)
        this.#append(line)
        this.#known.started(activationId, line, step.offset)
        return
      }
      case 'finished': {
        if (!this.#known.isOpen(activationId)) return
        const line = finishedLine(activationId, step.record)
        this.#append(line)
        this.#known.finished(activationId, line)
        return
      }
      case 'done':
        if (!this.#known.isOpen(activationId)) return
        // Each activation spares a write by it; who reads the journal without it finds that nothing is owed.
        this.#file.appendLater(doneLine(activationId))
        this.#known.done(activationId)
        return
      default:
        step satisfies never
    }
  }

  pending(): ReadonlyMap<string, JournalEntry> {
    return this.#found
  }

  wasDone(activationId: string): boolean {
    return this.#known.wasDone(activationId)
  }

  committed(offset: string): void {
    this.#known.committed(offset)
    try {
      this.#append(committedLine(offset))
    } catch {
      // Then the next process knows of more than it needs to, until its own first commit.
    }
  }

  async stop(): Promise<void> {
    this.#file.close()
    this.#lock.release()
  }

  #append(line: string): void {
    try {
      if (this.#file.bytes > this.#limitBytes) this.#limitBytes = this.#compact()
      this.#file.append(line)
    } catch (error) {
      throw unwritable('its journal', error)
    }
  }

  /** Keeps what is open only; gives the size at which to do so again. */
  #compact(): number {
    this.#file.rewrite(this.#known.lines())
    return Math.max(this.#compactAboveBytes, this.#file.bytes * 4)
  }

  #takeFound(log: Log): void {
    const { lines, damaged } = this.#file.found
    const unread = lines.filter((line) => !this.#known.take(line)).length
    if (damaged.length + unread > 0) {
      log.error('journal has lines that cannot be read: skipped', {
        lines: damaged.slice(0, 10),
        count: damaged.length + unread,
      })
    }
  }
}

function take(directory: string): HeldLock {
  let lock: HeldLock | TakenLock
  try {
    lock = lockDirectory(directory, 'journal.lock')
  } catch (error) {
    throw unwritable(directory, error)
  }
  if ('holder' in lock) throw busyDirectory(directory, lock.holder)
  return lock
}
