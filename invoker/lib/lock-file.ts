import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'

/** A lock that this process holds. */
export interface HeldLock {
  release(): void
}

/**
 * Takes a lock on a file, which is made where it is not there; undefined when another process has it. The kernel holds the lock with our
 * descriptor and frees it however the process ends, so that a lock is never stale; it holds across containers too.
 * @throws Error when the file cannot be made, or flock (util-linux) is not there.
 */
export function lockFile(path: string): HeldLock | undefined {
  const descriptor = openSync(path, 'a', 0o600)
  // flock(1) locks what our descriptor and its copy share; the lock stays when the program ends.
  const { status, error } = spawnSync('flock', ['--nonblock', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
  })
  if (status === 0) return { release: () => closeSync(descriptor) }
  closeSync(descriptor)
  if (status === 1) return undefined
  throw new Error(`Cannot lock "${path}": flock of util-linux does not work (exit ${status})`, { cause: error })
}
