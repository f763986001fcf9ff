import type { Silence } from '../lib/quiet.ts'
import { type DependencySet, dependencySets } from './sets.ts'

/** How much is measured. */
export interface Plan {
  /** The functions of the day; the first is the one whose space and stock are measured, the last is replayed. */
  readonly sets: readonly DependencySet[]
  /** Functions on one image. */
  readonly counts: readonly number[]
  /** First runs of each set of dependencies that costs are taken from. */
  readonly costRuns: number
  readonly silence: Silence
  readonly imagesMs: number
  /** Warm stem cells of the big image. */
  readonly stems: number
  readonly replay: { readonly functions: number; readonly durationMs: number }
}

/** About seven minutes. */
export const fullPlan: Plan = {
  sets: dependencySets,
  counts: [10, 50],
  costRuns: 10,
  silence: { settleMs: 200, atMostMs: 2_000 },
  imagesMs: 120_000,
  stems: 16,
  replay: { functions: 40, durationMs: 75_000 },
}

/** Proves the harness in about a minute. */
export const quickPlan: Plan = {
  sets: dependencySets.slice(-1),
  counts: [2, 3],
  costRuns: 1,
  silence: { settleMs: 50, atMostMs: 200 },
  imagesMs: 10_000,
  stems: 2,
  replay: { functions: 8, durationMs: 8_000 },
}
