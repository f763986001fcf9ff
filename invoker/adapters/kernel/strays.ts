import { readdirSync, readFileSync } from 'node:fs'

/** Numbers of this process's children that live in a PID namespace below ours, zombies too. */
export function strangeChildren(): number[] {
  return readdirSync('/proc/self/task')
    .flatMap((task) => read(`/proc/self/task/${task}/children`).split(' '))
    .filter(Boolean)
    .map(Number)
    .filter((pid) => livesElsewhere(read(`/proc/${pid}/status`)))
}

/** Whether a process has a number in a PID namespace of its own, by the text of its `status`. */
export function livesElsewhere(status: string): boolean {
  return /^NSpid:\t\d+\t\d+/m.test(status)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // A thread or a process that has ended meanwhile.
    return ''
  }
}
