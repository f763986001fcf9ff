import { readFile } from 'node:fs/promises'
import type { ProcessMemory } from '../../ports/kernel.ts'

/** Reads what process `pid` takes. Off our thread: the kernel walks its page tables. @throws Error when there is none. */
export async function readProcessMemory(pid: number): Promise<ProcessMemory> {
  const [rollup, maps] = await Promise.all([
    readFile(`/proc/${pid}/smaps_rollup`, 'utf8'),
    readFile(`/proc/${pid}/maps`, 'latin1'),
  ])
  return parseMemory(rollup, maps)
}

/** Takes the texts of `smaps_rollup` and `maps` (proc(5)). */
export function parseMemory(rollup: string, maps: string): ProcessMemory {
  const bytesOf = (key: string): number =>
    Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1] ?? 0) * 1024
  const anonymousBytes = bytesOf('Anonymous')
  return {
    pssBytes: bytesOf('Pss'),
    anonymousBytes,
    fileBytes: bytesOf('Rss') - anonymousBytes,
    vmas: maps.split('\n').filter(Boolean).length,
  }
}
