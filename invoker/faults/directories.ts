import { Fault } from './fault.ts'

/** The fault for a directory that somebody else has; `holder` names who, such as `process 42`. */
export function busyDirectory(directory: string, holder: string): Fault {
  return new Fault('STORE_BUSY', `"${directory}" is in use by ${holder}: stop it, or choose another data directory`, {
    facts: { directory },
  })
}

/** The fault for a place that we may not write to, or cannot. */
export function unwritable(what: string, cause: unknown): Fault {
  return new Fault('STATE_UNWRITABLE', `${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
}
