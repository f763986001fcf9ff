import type { WhiskActivation } from '../domain/activation.ts'
import type { JsonObject } from '../domain/json.ts'
import type { Journal, JournalStep } from '../ports/journal.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'

/** Member of a journaled record that the store is not to have (protocol reference 7.4). */
const unstoredMark = 'unstored'

/** Writes what has happened to an activation. A journal that cannot write (a full disk) is told of, and the activation goes on. */
export class JournalNotes {
  readonly #journal: Journal
  readonly #log: Log
  readonly #meter: Meter

  constructor(options: { readonly journal: Journal; readonly log: Log; readonly meter: Meter }) {
    this.#journal = options.journal
    this.#log = options.log
    this.#meter = options.meter
  }

  /** User code may start from now on. */
  started(activationId: string, where: Omit<Extract<JournalStep, { readonly step: 'started' }>, 'step'>): void {
    this.#note(activationId, { step: 'started', ...where })
  }

  /** The outcome is known. */
  finished(record: WhiskActivation, isStored: boolean): void {
    const json = record as unknown as JsonObject
    const journaled = isStored ? json : { ...json, [unstoredMark]: true }
    this.#note(record.activationId, { step: 'finished', record: journaled })
  }

  /** Nothing is owed. */
  done(activationId: string): void {
    this.#note(activationId, { step: 'done' })
  }

  #note(activationId: string, step: JournalStep): void {
    try {
      this.#journal.note(activationId, step)
    } catch (error) {
      // To run without a note is better than not to run: the note only matters if the process is killed.
      this.#meter.count('counter_invoker_journalFailure_counter_total')
      this.#log.error('journal cannot be written', { activationId, step: step.step, error })
    }
  }
}

/** The record of a journal entry, and whether it is to be stored. */
export function journaledRecord(json: JsonObject): { readonly record: WhiskActivation; readonly isStored: boolean } {
  const { [unstoredMark]: mark, ...record } = json
  return { record: record as unknown as WhiskActivation, isStored: mark !== true }
}
