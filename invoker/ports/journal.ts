import type { JsonObject } from '../domain/json.ts'

/** Where an activation stood. Each step includes those before it. */
export type JournalStep =
  /**
   * User code may have started: it must not start again. `ackTopic` and `ackOffset` tell where to look for an ack after a crash.
   * `offset` is the message's own: with it, the activation stays known after `done` until {@link Journal.committed} passes it.
   */
  | { readonly step: 'started'; readonly ackTopic: string; readonly ackOffset: string; readonly offset?: string }
  /** The outcome is known: `record` is the whole activation record, so that ack and record can be sent after a crash. */
  | { readonly step: 'finished'; readonly record: JsonObject }
  /** Acked and stored: nothing is owed. A kill may lose this note until the next one; then the same is found out anew. */
  | { readonly step: 'done' }

/** What the journal knows of one activation. */
export interface JournalEntry {
  readonly activationId: string
  readonly ackTopic: string
  readonly ackOffset: string
  readonly record?: JsonObject
}

/**
 * A small local record of what has started, so that a crash loses nothing and repeats nothing.
 * `note` returns when a kill of the process can no longer lose the note, but for `done` (power loss: only with fsync, a setting).
 */
export interface Journal {
  note(activationId: string, step: JournalStep): void
  /** Entries that are not done, as found at the start. */
  pending(): ReadonlyMap<string, JournalEntry>
  /** Whether it is done already. A message that comes again after a crash, because its offset was not committed, is skipped by this. */
  wasDone(activationId: string): boolean
  /** Messages before `offset` will not come again: the done ones among them may be forgotten. */
  committed(offset: string): void
  stop(signal: AbortSignal): Promise<void>
}
