/** How much is measured. */
export interface Plan {
  readonly rounds: number
  /** Activations of a side before anything is measured, in each case. */
  readonly warmUp: number
  /** Activations of a side in a round, by how many are in flight. */
  readonly perRound: Readonly<Record<1 | 4, number>>
  /** Activations after which memory is measured. */
  readonly memory: { readonly early: number; readonly late: number }
}

/** What is published. */
export const fullPlan: Plan = {
  rounds: 9,
  warmUp: 1500,
  perRound: { 1: 500, 4: 1000 },
  memory: { early: 2000, late: 10_000 },
}

/** Enough to see that it runs; its figures say nothing. */
export const quickPlan: Plan = {
  rounds: 2,
  warmUp: 10,
  perRound: { 1: 10, 4: 20 },
  memory: { early: 20, late: 60 },
}
