import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MiB } from '../../domain/size.ts'

/** Where the limits of one container are; undefined: that controller is not mounted as v1. */
export interface LimitFolders {
  readonly memoryV1: string | undefined
  readonly cpuV1: string | undefined
  readonly v2: string | undefined
}

/** @throws Error when the kernel refuses, the old limits being in force then, as far as they were not changed yet. */
export function resizeGroup(
  folders: LimitFolders,
  { memoryMb, cpuShares }: { readonly memoryMb: number; readonly cpuShares: number },
): void {
  const bytes = memoryMb * MiB
  const { memoryV1, cpuV1, v2 } = folders
  if (memoryV1 !== undefined) limitMemoryV1(memoryV1, bytes)
  // Swap is 0 on v2 since the group was made.
  else if (v2 !== undefined) writeFileSync(join(v2, 'memory.max'), `${bytes}`)
  if (cpuV1 !== undefined) writeFileSync(join(cpuV1, 'cpu.shares'), `${cpuShares}`)
  else if (memoryV1 === undefined && v2 !== undefined)
    writeFileSync(join(v2, 'cpu.weight'), `${weightOfShares(cpuShares)}`)
}

/**
 * v1 limits memory, and memory with swap, which are equal in our groups (nothing is swapped). The second may never be below the
 * first: it goes up before it and down after it.
 */
function limitMemoryV1(folder: string, bytes: number): void {
  const files = ['memory.limit_in_bytes']
  const isGrowing = Number(readFileSync(join(folder, 'memory.limit_in_bytes'), 'utf8')) < bytes
  if (hasFile(join(folder, 'memory.memsw.limit_in_bytes')))
    files.splice(isGrowing ? 0 : 1, 0, 'memory.memsw.limit_in_bytes')
  for (const file of files) writeFileSync(join(folder, file), `${bytes}`)
}

function hasFile(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch {
    // The kernel was started without limits for swap.
    return false
  }
}

/** Shares of v1 (2 to 262144) as a weight of v2 (1 to 10000), as runc reckons. */
export function weightOfShares(shares: number): number {
  return 1 + Math.floor(((Math.min(Math.max(shares, 2), 262_144) - 2) * 9999) / 262_142)
}
