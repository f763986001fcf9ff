import { readdir, readFile, readlink } from 'node:fs/promises'

/** Sends a signal to a process group; one that has ended is no error. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal)
  } catch {
    // Every process of it has ended.
  }
}

/** Process groups with a member that works in a directory below `folder`: what a killed invoker left running there. */
export async function groupsBelow(folder: string): Promise<ReadonlySet<number>> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const groups = new Set<number>()
  for (const pid of pids) {
    // Of a process that has just ended, or of another user, nothing can be read: it is not ours to end.
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    if (!cwd.startsWith(`${folder}/`)) continue
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    // After the name, which ends with the last parenthesis: state, parent, group (proc(5)).
    const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2])
    if (group > 1) groups.add(group)
  }
  return groups
}
