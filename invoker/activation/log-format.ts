import type { LogLine } from '../ports/containers.ts'
import { texts } from './texts.ts'

/** A line as records have it: time in 30 columns, stream, text (protocol reference 6.6, step 7). `time` in ms since the epoch. */
export function formatLine({ time, stream, text }: Omit<LogLine, 'partial'>): string {
  return `${new Date(time).toISOString().padEnd(30)} ${stream}: ${text}`
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
  const remark = (text: string) => formatLine({ time: end.nowMs, stream: 'stderr', text })
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
