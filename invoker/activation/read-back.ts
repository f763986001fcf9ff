import type { WhiskActivation } from '../domain/activation.ts'
import { type AckSeen, readAck } from '../domain/wire-acks.ts'
import type { JournalEntry } from '../ports/journal.ts'
import type { Messaging } from '../ports/messaging.ts'
import type { AckFound } from './recovery.ts'

/** From where each ack topic must be read: the lowest offset that any entry noted. */
export function topicsToRead(entries: Iterable<JournalEntry>): ReadonlyMap<string, string> {
  const lowest = new Map<string, string>()
  for (const { ackTopic, ackOffset } of entries) {
    const known = lowest.get(ackTopic)
    if (known === undefined || BigInt(ackOffset) < BigInt(known)) lowest.set(ackTopic, ackOffset)
  }
  return lowest
}

/**
 * Reads back what the controllers were told since the first pending activation began. Acks of activations that are not
 * pending count too: their messages may come again when an older one held the commit back.
 * @throws what the broker faults.
 */
export async function readBackAcks(
  messaging: Pick<Messaging, 'readFrom'>,
  pending: ReadonlyMap<string, JournalEntry>,
): Promise<ReadonlyMap<string, AckFound>> {
  const found = new Map<string, AckFound>()
  for (const [topic, offset] of topicsToRead(pending.values())) {
    for await (const { value } of messaging.readFrom(topic, offset)) {
      const ack = readAck(value)
      if (ack) found.set(ack.activationId, merge(found.get(ack.activationId), ack, pending.has(ack.activationId)))
    }
  }
  return found
}

/** Records are kept for pending activations only: they may be large, and nobody needs the others. */
function merge(before: AckFound | undefined, ack: AckSeen, isPending: boolean): AckFound {
  const seen = isPending ? (ack.record as unknown as WhiskActivation | undefined) : undefined
  const record = seen ?? before?.record
  return { isFreeing: ack.isFreeing || before?.isFreeing === true, ...(record && { record }) }
}
