import { execFileSync } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'
import type { BenchResult } from './result.ts'

/** Where and from what a result comes: the machine, the time, and the commit (`-dirty` when files differ from it). */
export function origin(root: string): Pick<BenchResult, 'machine' | 'date' | 'commit'> {
  const processors = cpus()
  return {
    machine: {
      cpu: processors[0]?.model.trim() ?? 'unknown',
      cores: processors.length,
      memoryMb: Math.round(totalmem() / 1024 / 1024),
      kernel: release(),
      node: process.version,
    },
    date: new Date().toISOString(),
    commit: execFileSync('git', ['describe', '--always', '--dirty', '--exclude=*', '--abbrev=12'], {
      cwd: root,
      encoding: 'utf8',
    }).trim(),
  }
}
