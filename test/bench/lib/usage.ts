import { readFileSync } from 'node:fs'

/** Linux counts process times in ticks of 1/100 s for user space, whatever the kernel's own rate (`getconf CLK_TCK`). */
const tickMs = 10

/**
 * CPU time in ms that a process has used by itself: user and system, its threads included, its children not.
 * @throws Error when there is no such process.
 */
export function cpuMs(pid: number): number {
  return ticksOf(readFileSync(`/proc/${pid}/stat`, 'utf8')) * tickMs
}

/** `utime + stime` of the text of /proc/PID/stat. The command's name may hold spaces and brackets: fields count from its last bracket. */
export function ticksOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

/** Resident memory in bytes. @throws Error when there is no such process. */
export function rssBytes(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (kb === undefined) throw new Error(`Cannot read the memory of process ${pid}: it has ended`)
  return Number(kb) * 1024
}
