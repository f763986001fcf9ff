import type { WhiskActivation } from '../domain/activation.ts'
import type { ActivationMessage } from '../domain/activation-message.ts'
import { status } from '../domain/response.ts'
import type { AckParts } from '../domain/wire-acks.ts'
import type { AckPlan } from './ack-plan.ts'
import type { AckSender } from './ack-sender.ts'
import type { JournalNotes } from './journal-notes.ts'
import type { RecordKeeper } from './record-keeper.ts'
import type { OnStep } from './steps.ts'
import type { UserEvents } from './user-events.ts'

/** How an activation is brought to its end. */
export interface Ending {
  readonly message: ActivationMessage
  readonly plan: AckPlan
  readonly isStored: boolean
  /** The JSON text of the record without logs, where it was written before; acks carry it. */
  readonly recordJson: string | undefined
  /** The Result that was sent already: the last ack follows it on the topic. */
  readonly early?: Promise<void>
}

/** Brings activations to their end: journal, last ack, record, journal (protocol reference 2.6, 5.7). */
export class Conclusion {
  readonly #acks: AckSender
  readonly #notes: JournalNotes
  readonly #keeper: RecordKeeper
  readonly #events: UserEvents | undefined
  readonly #onStep: OnStep

  constructor(options: {
    readonly acks: AckSender
    readonly notes: JournalNotes
    readonly keeper: RecordKeeper
    readonly events: UserEvents | undefined
    readonly onStep: OnStep
  }) {
    this.#acks = options.acks
    this.#notes = options.notes
    this.#keeper = options.keeper
    this.#events = options.events
    this.#onStep = options.onStep
  }

  /** Sends the response of a blocking call before its logs are collected. */
  async result(message: ActivationMessage, recordJson: string): Promise<void> {
    await this.#acks.send({
      kind: 'result',
      controller: message.rootControllerIndex.asString,
      parts: parts(message, recordJson),
      isSystemError: false,
    })
    this.#onStep('result-sent', message.activationId)
  }

  /** Journals, acks and stores a record. Resolves when nothing is owed, or the store has put the record off. */
  async end(record: WhiskActivation, ending: Ending): Promise<void> {
    const { activationId } = record
    this.#notes.finished(record, ending.isStored)
    this.#onStep('finished', activationId)
    const [, isStored] = await Promise.all([this.#ack(record, ending), this.#store(record, ending.isStored)])
    if (!isStored) return
    this.#notes.done(activationId)
    this.#onStep('done', activationId)
  }

  async #ack(record: WhiskActivation, { message, plan, recordJson, early }: Ending): Promise<void> {
    await early
    await this.#acks.send({
      kind: plan.last,
      controller: message.rootControllerIndex.asString,
      parts: parts(message, plan.isShrunk || plan.last === 'completion' ? undefined : (recordJson ?? ackJson(record))),
      isSystemError: record.response.statusCode === status.whiskError,
    })
    this.#onStep('acked', record.activationId)
    this.#events?.activation(record, message.user)
  }

  async #store(record: WhiskActivation, isStored: boolean): Promise<boolean> {
    if (!isStored) return true
    const isThere = await this.#keeper.store(record)
    if (isThere) this.#onStep('stored', record.activationId)
    return isThere
  }
}

/** A record as acks carry it: without logs. */
export function ackJson(record: WhiskActivation): string {
  return JSON.stringify(record.logs.length === 0 ? record : { ...record, logs: [] })
}

function parts({ transid, activationId }: ActivationMessage, recordJson: string | undefined): AckParts {
  return { transid, activationId, ...(recordJson !== undefined && { recordJson }) }
}
