import { spawnSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import path from 'node:path'

/** A lock that this process holds. */
export interface HeldLock {
  release(): void
}

/** Somebody else has the lock: the number of the process, where it could be read. */
export interface TakenLock {
  readonly holder: string
}

/**
 * Takes a directory for this process by a lock on a file in it; makes what is missing.
 * @throws Error when it cannot be made, or flock (util-linux) is not there.
 */
export function lockDirectory(directory: string, file: string): HeldLock | TakenLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return lockFile(path.join(directory, file))
}

/**
 * Takes a lock on a file, which is made where it is not there. The kernel holds the lock with our descriptor and frees it however the
 * process ends, so that a lock is never stale; it holds across containers too. The file names its holder, for people.
 * @throws Error when the file cannot be made, or flock (util-linux) is not there.
 */
export function lockFile(file: string): HeldLock | TakenLock {
  const descriptor = openSync(file, 'a', 0o600)
  // flock(1) locks what our descriptor and its copy share; the lock stays when the program ends.
  const { status, error } = spawnSync('flock', ['--nonblock', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
  })
  if (status === 0) {
    sign(descriptor)
    return { release: () => closeSync(descriptor) }
  }
  closeSync(descriptor)
  if (status === 1) return { holder: readFileSync(file, 'utf8').trim() || 'another process' }
  throw new Error(`Cannot lock "${file}": flock of util-linux does not work (exit ${status})`, { cause: error })
}

function sign(descriptor: number): void {
  try {
    ftruncateSync(descriptor)
    writeSync(descriptor, `process ${process.pid}\n`)
  } catch {
    // A full disk: the lock holds all the same, it only names nobody.
  }
}
