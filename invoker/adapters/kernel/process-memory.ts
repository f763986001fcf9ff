import { readFile } from 'node:fs/promises'
import type { ProcessMemory } from '../../ports/kernel.ts'

/** The texts of a process's files below /proc (proc(5)). */
interface MemoryTexts {
  readonly rollup: string
  readonly status: string
  readonly maps: string
}

/** Reads what process `pid` takes. Off our thread: the kernel walks its page tables. @throws Error when there is none. */
export async function readProcessMemory(pid: number): Promise<ProcessMemory> {
  const [rollup, status, maps] = await Promise.all([
    readFile(`/proc/${pid}/smaps_rollup`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/maps`, 'latin1'),
  ])
  return parseMemory({ rollup, status, maps })
}

/** What those texts say. */
export function parseMemory({ rollup, status, maps }: MemoryTexts): ProcessMemory {
  const anonymousBytes = bytesOf(rollup, 'Anonymous')
  return {
    pssBytes: bytesOf(rollup, 'Pss'),
    anonymousBytes,
    fileBytes: bytesOf(rollup, 'Rss') - anonymousBytes,
    ownBytes: bytesOf(rollup, 'Private_Dirty') + bytesOf(status, 'VmPTE'),
    vmas: maps.split('\n').filter(Boolean).length,
  }
}

function bytesOf(text: string, key: string): number {
  return Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024
}
