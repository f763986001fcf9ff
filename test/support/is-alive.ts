import { readFileSync } from 'node:fs'

/** Whether a process runs. One that ended and that nobody has asked about yet has no command line any more. */
export function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== ''
  } catch {
    // No such process, which is what is asked.
    return false
  }
}
