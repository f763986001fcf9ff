import { readFileSync, writeFileSync } from 'node:fs'

/** How much more than others a template is the kernel's choice when the whole machine is out of memory: it can be made again. */
export const TEMPLATE_OOM_SCORE = 500

/** What processes that we start have, and runc's containers, whose configuration says nothing. */
export function ownOomScore(): number {
  return Number(readFileSync('/proc/self/oom_score_adj', 'utf8'))
}

/** Sets it for a process; nothing happens when it has ended. */
export function setOomScore(pid: number, score: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, `${score}`)
  } catch (error) {
    // Its end is told by other means.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))) throw error
  }
}
