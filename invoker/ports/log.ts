/** Facts that go with a log line. Values must be serialisable. */
export type LogFields = Readonly<Record<string, unknown>>

/** Structured log: an event in words, and fields. Never interpolate; bind what stays the same with `child`. */
export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  /** We coped. */
  warn(event: string, fields?: LogFields): void
  /** A person should act. */
  error(event: string, fields?: LogFields): void
  child(fields: LogFields): Log
}
