import type { WhiskActivation } from '../domain/activation.ts'
import type { JournalEntry } from '../ports/journal.ts'
import { journaledRecord } from './journal-notes.ts'

/** What was found on `completed<C>` of an activation. */
export interface AckFound {
  readonly isFreeing: boolean
  /** The record that an ack carried. */
  readonly record?: WhiskActivation
}

/** What is known of an activation when its message comes. */
export interface Known {
  /** What the journal held at the start of a activation that was not done. */
  readonly entry: JournalEntry | undefined
  readonly ack: AckFound | undefined
  /** The journal says that nothing is owed. */
  readonly wasDone: boolean
}

/** What is owed for an activation whose message comes (again) after a start. */
export type Owed =
  /** Nothing is known of it: it runs. */
  | { readonly kind: 'run' }
  /** It was acked before: nothing. */
  | { readonly kind: 'nothing' }
  /** It had started and nobody was told how it ended: it is acked as interrupted, and that is its record. */
  | { readonly kind: 'interrupted' }
  /** Its outcome is known. `record` is undefined where only its controller knew: what is owed then is the ack alone. */
  | {
      readonly kind: 'outcome'
      readonly record: WhiskActivation | undefined
      readonly isStored: boolean
      /** `whole`: response and slot; `slot`: the response was sent; `none`: both were. */
      readonly ack: 'whole' | 'slot' | 'none'
    }

/**
 * Decides what is owed, from what the journal knew at the start and what the controllers were told (issue, *Nothing lost*).
 * `rerunStarted` trades "user code at most once" for "at least once".
 */
export function owedFor({ entry, ack, wasDone }: Known, options: { readonly rerunStarted: boolean }): Owed {
  if (wasDone || (!entry && ack?.isFreeing)) return { kind: 'nothing' }
  if (!entry) return { kind: 'run' }
  const missing = ackMissing(ack)
  if (entry.record) return { kind: 'outcome', ...journaledRecord(entry.record), ack: missing }
  if (missing === 'whole') return options.rerunStarted ? { kind: 'run' } : { kind: 'interrupted' }
  return { kind: 'outcome', record: ack?.record, isStored: true, ack: missing }
}

function ackMissing(ack: AckFound | undefined): 'whole' | 'slot' | 'none' {
  if (!ack) return 'whole'
  return ack.isFreeing ? 'none' : 'slot'
}
