import type { BenchFunction } from '../cold/functions.ts'
import { createFresh, type FirstRun, readRun } from '../cold/start.ts'
import type { Server } from '../lib/server.ts'

/** What a burst brought. */
export interface Burst {
  /** First lines of user code per second, until the last. */
  readonly perSecond: number
  /** From the first request to each first line, in ms. */
  readonly firstLineMs: readonly number[]
  /** How many started how. */
  readonly starts: Readonly<Record<string, number>>
}

/** Functions that arrive at once. */
export interface BurstOptions {
  readonly function: BenchFunction
  readonly count: number
  /** Waits until the server has all that it may have in stock. */
  readonly ready: () => Promise<unknown>
}

/** Creates functions that were never seen before, invokes all of them at the same time, and removes them. */
export async function burst(server: Server, { function: of, count, ready }: BurstOptions): Promise<Burst> {
  const names: string[] = []
  for (let index = 0; index < count; index += 1) names.push(await createFresh(server, of))
  await ready()
  try {
    const invoked = await Promise.all(names.map((name) => server.invoke(name, of.input)))
    const runs: FirstRun[] = []
    for (const one of invoked) runs.push(readRun(one, await server.steps(one.activationId)))
    return burstOf(runs)
  } finally {
    for (const name of names) await server.remove(name)
  }
}

/** The figures of runs that were sent at once: their first line is the first that is the function's own work, behind its imports. */
export function burstOf(runs: readonly FirstRun[]): Burst {
  const start = Math.min(...runs.map(({ sentMs }) => sentMs))
  const firstLineMs = runs.map(({ stamps }) => stamps.imported - start)
  const starts: Record<string, number> = {}
  for (const { how } of runs) starts[how.start] = (starts[how.start] ?? 0) + 1
  return { perSecond: (1000 * runs.length) / Math.max(...firstLineMs), firstLineMs, starts }
}
