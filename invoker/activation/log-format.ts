import type { LogLine } from '../ports/containers.ts'
import { texts } from './texts.ts'

/**
 * A line as records have it: time, stream, text (protocol reference 6.6, step 7). `time` in ms since the epoch; it is written
 * with the nine digits that docker's times have, so that lines stand as they do in OpenWhisk.
 */
function formatLine({ time, stream, text }: Omit<LogLine, 'partial'>): string {
  return `${new Date(time).toISOString().replace('Z', '000000Z')} ${stream}: ${text}`
}

/** A line that the invoker adds: its time has milliseconds, and is padded to the width of the others. */
function formatRemark(timeMs: number, text: string): string {
  return `${new Date(timeMs).toISOString().padEnd(30)} stderr: ${text}`
}

/** How a collection ended. */
export interface LogEnd {
  /** `whole`: all lines are there; `limit`: the action printed more than it may; `missing`: lines may be missing. */
  readonly end: 'whole' | 'limit' | 'missing'
  readonly isDeveloperError: boolean
  readonly limitBytes: number
  readonly nowMs: number
}

/** The logs of a record, and whether they are whole: a container whose logs are not is destroyed (6.6, step 8). */
export function assembleLogs(
  lines: readonly LogLine[],
  end: LogEnd,
): { readonly logs: readonly string[]; readonly isComplete: boolean } {
  const remark = (text: string) => formatRemark(end.nowMs, text)
  const failure = failureText(end)
  const logs = lines.map(formatLine)
  if (failure !== undefined) logs.push(remark(failure))
  if (end.isDeveloperError) logs.push(remark(texts.logsMayMiss))
  return { logs, isComplete: failure === undefined }
}

function failureText({ end, limitBytes }: LogEnd): string | undefined {
  if (end === 'whole') return undefined
  return end === 'limit' ? texts.logsTruncated(limitBytes) : texts.logsFailed
}
