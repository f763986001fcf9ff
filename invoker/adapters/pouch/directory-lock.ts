import { link, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../faults/fault.ts'

/** A data directory that this process has for itself. */
export interface DirectoryLock {
  release(): Promise<void>
}

/**
 * Takes a data directory for this process, by a file that names the process and when it started: one that has ended holds nothing,
 * even if its number was given to another since. LevelDB's own lock is the second line, for processes that cannot see each other.
 * @throws Fault STORE_BUSY with the directory, the process, and what to do.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = join(directory, 'store.lock')
  const mine = `${process.pid} ${await startOf(process.pid)}\n`
  if (!(await take(path, mine))) {
    const holder = await holderOf(path)
    if (holder !== undefined) throw busy(directory, `process ${holder}`)
    await unlink(path).catch(ignoreMissing)
    if (!(await take(path, mine))) throw busy(directory, 'another process')
  }
  return { release: () => unlink(path).catch(ignoreMissing) }
}

/** The fault for a directory that somebody else has. */
export function busy(directory: string, holder: string): Fault {
  return new Fault('STORE_BUSY', `"${directory}" is in use by ${holder}: stop it, or choose another data directory`, {
    facts: { directory },
  })
}

/** Makes the file with its content in one step, so that nobody ever reads half of it; false when it is there. */
async function take(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${process.pid}`
  await writeFile(draft, content, { mode: 0o600 })
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    return false
  } finally {
    await unlink(draft)
  }
}

/** The process that holds the lock; undefined when it has ended. */
async function holderOf(path: string): Promise<number | undefined> {
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    ignoreMissing(error)
    return ''
  })
  const [pid, start] = content.trim().split(' ')
  return pid !== undefined && start !== undefined && (await startOf(Number(pid))) === start ? Number(pid) : undefined
}

/** When a process started, in clock ticks since boot (the 22nd field, counted behind the name, which may hold anything); "gone" if it ended. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return (
    stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(19) ?? 'gone'
  )
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined
}
