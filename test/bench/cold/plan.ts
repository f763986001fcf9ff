import type { Silence } from '../lib/quiet.ts'

/** How much is measured. */
export interface Plan {
  /** First runs of each function in each arm. */
  readonly rounds: number
  /** Starts from a warm stem cell, and bare exchanges, per round of that comparison. */
  readonly stems: { readonly rounds: number; readonly count: number }
  readonly silence: Silence
  /** How long images may take to be there. */
  readonly imagesMs: number
  /** Folders of the functions; absent: all. */
  readonly only?: readonly string[]
}

/** About a quarter of an hour. */
export const fullPlan: Plan = {
  rounds: 20,
  stems: { rounds: 5, count: 30 },
  silence: { settleMs: 120, atMostMs: 2_000 },
  imagesMs: 300_000,
}

/** Proves the harness in less than a minute. */
export const quickPlan: Plan = {
  rounds: 2,
  stems: { rounds: 1, count: 3 },
  silence: { settleMs: 50, atMostMs: 200 },
  imagesMs: 15_000,
  only: ['matmul', 'float-operation'],
}
