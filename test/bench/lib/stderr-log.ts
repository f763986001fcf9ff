import type { Log } from '../../../invoker/ports/log.ts'

/** A log that shows warnings and errors only: a benchmark's own output is its figures. */
export const stderrLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (event, fields = {}) => console.error(event, fields),
  error: (event, fields = {}) => console.error(event, fields),
  child: () => stderrLog,
}
