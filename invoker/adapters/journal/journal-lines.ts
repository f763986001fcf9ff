import type { JsonObject } from '../../domain/json.ts'

/**
 * A line of the journal. Ids, offsets and topic names hold no space (protocol reference 1.1, 2.3), so that lines are
 * put together by hand: three are written for each activation.
 */
export type Note =
  | {
      readonly kind: 's'
      readonly id: string
      readonly ackOffset: string
      readonly offset?: string
      readonly ackTopic: string
    }
  | { readonly kind: 'f'; readonly id: string; readonly record: JsonObject }
  | { readonly kind: 'd'; readonly id: string }
  | { readonly kind: 'c'; readonly offset: string }

/** First line of the file. */
export const magic = 'warmwhisk-journal 1'

/** The line of "started". */
export function startedLine(id: string, of: { ackTopic: string; ackOffset: string; offset?: string }): string {
  return `s ${id} ${of.ackOffset} ${of.offset ?? '-'} ${of.ackTopic}`
}

/** The line of "finished". */
export function finishedLine(id: string, record: JsonObject): string {
  return `f ${id} ${JSON.stringify(record)}`
}

/** The line of "done". */
export function doneLine(id: string): string {
  return `d ${id}`
}

/** The line of a commit. */
export function committedLine(offset: string): string {
  return `c ${offset}`
}

/** Reads a line; undefined for one that is none. */
export function readNote(line: string): Note | undefined {
  const [kind, id = '', ...rest] = line.split(' ', 5)
  if (kind === 'd') return { kind, id }
  if (kind === 'c') return { kind, offset: id }
  if (kind === 'f') return readFinished(line, id)
  const [ackOffset, offset, ackTopic] = rest
  if (kind !== 's' || ackOffset === undefined || ackTopic === undefined) return undefined
  return { kind, id, ackOffset, ackTopic, ...(offset === undefined || offset === '-' ? {} : { offset }) }
}

function readFinished(line: string, id: string): Note | undefined {
  try {
    return { kind: 'f', id, record: JSON.parse(line.slice(id.length + 3)) as JsonObject }
  } catch {
    // The caller reports the line.
    return undefined
  }
}
