import type { ActivationMessage } from '../domain/activation-message.ts'
import type { Clock } from '../ports/clock.ts'
import type { Journal, JournalEntry } from '../ports/journal.ts'
import type { Log } from '../ports/log.ts'
import type { Messaging } from '../ports/messaging.ts'
import { type AckPlan, ackPlan } from './ack-plan.ts'
import type { Conclusion } from './conclusion.ts'
import type { JournalNotes } from './journal-notes.ts'
import { readBackAcks } from './read-back.ts'
import { fallbackRecord } from './record.ts'
import type { RecordKeeper } from './record-keeper.ts'
import { type AckFound, type Owed, owedFor } from './recovery.ts'
import { whiskError } from './responses.ts'
import { mustStore, type StoreLevel } from './store-conditions.ts'
import { texts } from './texts.ts'

/** What a {@link Recoverer} works with. */
export interface RecovererOptions {
  readonly messaging: Messaging
  readonly journal: Journal
  readonly notes: JournalNotes
  readonly keeper: RecordKeeper
  readonly conclusion: Conclusion
  readonly clock: Clock
  readonly log: Log
  readonly rerunStarted: boolean
  readonly levels: { readonly blocking: StoreLevel; readonly nonBlocking: StoreLevel }
}

/** Pays what a killed process left owed (issue, *Nothing lost*), when the messages of its activations come again. */
export class Recoverer {
  readonly #with: RecovererOptions
  #pending: Map<string, JournalEntry> = new Map()
  #acks: ReadonlyMap<string, AckFound> = new Map()

  constructor(options: RecovererOptions) {
    this.#with = options
  }

  /**
   * Reads the journal and the acks since, and stores records whose activations are acked: their messages do not come again.
   * @throws what the broker faults.
   */
  async start(): Promise<void> {
    const { journal, log, messaging } = this.#with
    this.#pending = new Map(journal.pending())
    if (this.#pending.size === 0) return
    this.#acks = await readBackAcks(messaging, this.#pending)
    log.warn('activations were interrupted by the end of an earlier process', { count: this.#pending.size })
    for (const [id, entry] of this.#pending) await this.#storeLate(id, entry)
  }

  /** What is owed for a message; it is asked once for each. */
  owedFor({ activationId }: ActivationMessage): Owed {
    const known = {
      entry: this.#pending.get(activationId),
      ack: this.#acks.get(activationId),
      wasDone: this.#with.journal.wasDone(activationId),
    }
    this.#pending.delete(activationId)
    return owedFor(known, this.#with)
  }

  /** Acks and stores what is owed. */
  async pay(message: ActivationMessage, owed: Exclude<Owed, { readonly kind: 'run' }>): Promise<void> {
    const { clock, conclusion, levels, log } = this.#with
    log.info('activation of an earlier process is settled', { activationId: message.activationId, owed: owed.kind })
    switch (owed.kind) {
      case 'nothing':
        return
      case 'interrupted': {
        const response = whiskError(texts.invokerStopped)
        return conclusion.end(fallbackRecord(message, response, clock.now()), {
          message,
          plan: ackPlan({ kind: 'failed-before' }, message.blocking),
          isStored: mustStore(message, response.statusCode, levels),
          recordJson: undefined,
        })
      }
      case 'outcome':
        if (owed.ack === 'none') return this.#storeOnly(message.activationId, owed)
        return conclusion.end(owed.record ?? fallbackRecord(message, whiskError(texts.invokerStopped), clock.now()), {
          message,
          plan: planFor(owed.ack, message.blocking),
          isStored:
            owed.isStored && (owed.record === undefined || mustStore(message, owed.record.response.statusCode, levels)),
          recordJson: undefined,
        })
      default:
        return owed satisfies never
    }
  }

  /** A record whose activation was acked and whose store was away; its message was committed, so nothing else reminds of it. */
  async #storeLate(id: string, entry: JournalEntry): Promise<void> {
    const owed = owedFor({ entry, ack: this.#acks.get(id), wasDone: false }, this.#with)
    if (owed.kind !== 'outcome' || owed.ack !== 'none' || !owed.record) return
    this.#pending.delete(id)
    await this.#storeOnly(id, owed)
  }

  /** All that is owed is the record. What the store does not take now is kept, and noted when it was stored. */
  async #storeOnly(id: string, { record, isStored }: Extract<Owed, { readonly kind: 'outcome' }>): Promise<void> {
    if (!record || !isStored || (await this.#with.keeper.store(record))) this.#with.notes.done(id)
  }
}

/** A response that was sent already is followed by the slot alone. */
function planFor(missing: 'whole' | 'slot', isBlocking: boolean): AckPlan {
  if (missing === 'slot') return { early: false, last: 'completion', isShrunk: true }
  return ackPlan({ kind: 'ran', collectsLogs: false }, isBlocking)
}
