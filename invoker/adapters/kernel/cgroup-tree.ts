import { readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** How often, and how long apart in ms, a group is tried to be removed: processes take a moment to end. Five seconds in all. */
const TRIES = 250
const PAUSE_MS = 20

/**
 * Ends what runs in a control group and below it, and removes the groups. Nothing happens when it does not exist. `onKill` is
 * told each process before any of them is killed. @throws Error when a group stays.
 */
export async function removeTree(folder: string, onKill: (pid: number) => void): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name), onKill)
  for (let attempt = 0; ; attempt += 1) {
    try {
      await rmdir(folder)
      return
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return
      if (attempt === TRIES) throw new Error(`Cannot remove the control group "${folder}"`, { cause: error })
    }
    await killAll(folder, onKill)
    await sleep(PAUSE_MS)
  }
}

async function killAll(folder: string, onKill: (pid: number) => void): Promise<void> {
  const text = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '')
  const pids = text.split('\n').filter(Boolean).map(Number)
  for (const pid of pids) onKill(pid)
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch (error) {
      // Ended meanwhile.
      if (codeOf(error) !== 'ESRCH') throw error
    }
  }
  // A frozen process of v1 does not even die.
  await writeFile(join(folder, 'freezer.state'), 'THAWED').catch(() => undefined)
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
