import type { ArmName } from './arms.ts'
import type { BenchFunction } from './functions.ts'
import type { FirstRun } from './start.ts'

/** First runs of one function, by arm; those at the same place are of one round. */
export interface FunctionSamples {
  readonly function: BenchFunction
  readonly runs: Readonly<Partial<Record<ArmName, readonly FirstRun[]>>>
}

/** What to run: functions, the arms of each, and how a run is made. */
export interface Sampling {
  readonly rounds: number
  readonly of: readonly { readonly function: BenchFunction; readonly arms: readonly ArmName[] }[]
  readonly run: (arm: ArmName, of: BenchFunction) => Promise<FirstRun>
  /** Told after each round. */
  readonly onRound?: (index: number) => void
}

/**
 * Runs everything once a round. The arms of a function take turns, and another begins from round to round, so that a machine that
 * grows slower or faster meanwhile favours none.
 */
export async function sample({ rounds, of, run, onRound }: Sampling): Promise<readonly FunctionSamples[]> {
  const runs = of.map(() => new Map<ArmName, FirstRun[]>())
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { function: each, arms }] of of.entries()) {
      for (const arm of rotated(arms, round)) {
        const made = await run(arm, each)
        const list = runs[index]?.get(arm) ?? []
        list.push(made)
        runs[index]?.set(arm, list)
      }
    }
    onRound?.(round)
  }
  return of.map(({ function: each }, index) => ({ function: each, runs: Object.fromEntries(runs[index] ?? []) }))
}

function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const at = by % Math.max(1, list.length)
  return [...list.slice(at), ...list.slice(0, at)]
}
