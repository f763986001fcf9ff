import { randomUUID } from 'node:crypto'
import type { Json } from './json.ts'

/**
 * A transaction id as on the wire (protocol reference 2.2). `wire` is echoed verbatim in acks: the controller recognises
 * the acks of health tests by comparing the whole value.
 */
export interface TransactionId {
  readonly id: string
  /** Milliseconds since the epoch; feeds the `waitTime` annotation. */
  readonly startMs: number
  readonly extraLogging: boolean
  readonly wire: Json
}

/** A transaction id that starts now; `id` defaults to 32 random hex digits. */
export function newTransactionId(
  id: string = randomUUID().replaceAll('-', ''),
  nowMs: number = Date.now(),
  extraLogging = false,
): TransactionId {
  return { id, startMs: nowMs, extraLogging, wire: extraLogging ? [id, nowMs, true] : [id, nowMs] }
}

/** Reads the wire form; what does not match is `sid_unknown`, started now, and is echoed as it came. */
export function readTransactionId(wire: Json | undefined, nowMs: number): TransactionId {
  if (Array.isArray(wire) && typeof wire[0] === 'string' && typeof wire[1] === 'number') {
    return { id: wire[0], startMs: wire[1], extraLogging: wire[2] === true, wire }
  }
  return { id: 'sid_unknown', startMs: nowMs, extraLogging: false, wire: wire ?? ['sid_unknown', nowMs] }
}
