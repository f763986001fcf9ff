import { mkdirSync } from 'node:fs'
import type { Config } from '../config/read-config.ts'
import { Fault } from '../faults/fault.ts'

/** Folder of the journal: the configured one, else `fallback`. It is there when this returns. @throws Fault STATE_UNWRITABLE. */
export function journalDirectory({ journal }: Config, fallback: string): string {
  const directory = journal.dir === '' ? fallback : journal.dir
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new Fault(
      'STATE_UNWRITABLE',
      `the journal's folder "${directory}" cannot be made: choose another by WARMWHISK_JOURNAL_DIR`,
      { cause },
    )
  }
  return directory
}
