import { busyDirectory } from '../../faults/directories.ts'
import { Fault, isFault } from '../../faults/fault.ts'

/** What was tried, where. */
export interface Attempt {
  readonly what: string
  readonly directory: string
}

/** LevelDB, the file system or a quota says that nothing more fits. */
const full = /ENOSPC|EDQUOT|No space left|Disk quota/i

/** Turns what PouchDB, LevelDB or the file system threw into a fault. */
export function toFault(error: unknown, { what, directory }: Attempt): Fault {
  if (isFault(error)) return error
  const text = textOf(error)
  const options = { facts: { directory }, cause: error }
  if (statusOf(error) === 409) return new Fault('DOCUMENT_CONFLICT', `${what} met another revision`, options)
  if (full.test(text)) return new Fault('STORE_FULL', `${what} found no space in "${directory}" (${text})`, options)
  if (/\block\b.*(unavailable|held)/i.test(text)) return busyDirectory(directory, 'another process')
  // What LevelDB and the system say of files: nothing that the caller's document could have caused.
  if (/IO error|Corruption|NotOpen|not open|is closed|\b(ENOENT|EIO|EACCES|EROFS|EMFILE)\b/i.test(text)) {
    return new Fault('STORE_UNAVAILABLE', `${what} failed in "${directory}" (${text})`, options)
  }
  return new Fault('STORE_REFUSED', `${what} was refused (${text})`, options)
}

/** Whether LevelDB's own files may have been cut short by this: then nothing more may be written before they are opened anew. */
export function mayHaveTornLog(fault: Fault): boolean {
  return fault.code === 'STORE_FULL' || fault.code === 'STORE_UNAVAILABLE'
}

/** PouchDB's status, named after HTTP's. */
export function statusOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, 'status') : undefined
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error)
  const reason: unknown = Reflect.get(error, 'reason')
  return [error.name, error.message, typeof reason === 'string' ? reason : ''].filter(Boolean).join(': ')
}
