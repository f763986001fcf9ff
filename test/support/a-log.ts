import type { Log, LogFields } from '../../invoker/ports/log.ts'

/** A line as it was logged, with the bound fields. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly event: string
  readonly fields: LogFields
}

/** A log that keeps its lines. */
export function aLog(bound: LogFields = {}, lines: LogLine[] = []): Log & { readonly lines: readonly LogLine[] } {
  const write =
    (level: LogLine['level']) =>
    (event: string, fields: LogFields = {}) => {
      lines.push({ level, event, fields: { ...bound, ...fields } })
    }
  return {
    lines,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => aLog({ ...bound, ...fields }, lines),
  }
}
