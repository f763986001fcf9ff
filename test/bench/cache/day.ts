import { best, imagePerFunction, keepAliveAlone, sharedImages } from './policies.ts'
import { seeded } from './random.ts'
import { type SetCosts, type Simulated, simulate, type World } from './simulator.ts'
import { arrivals, azureLike } from './trace.ts'

/** The load of a day and the machine that it runs on. */
export const day = {
  functions: 400,
  memoryMb: 8192,
  keepAliveMs: 15 * 60_000,
  durationMs: 24 * 60 * 60_000,
  stems: 16,
  seed: 20_240_913,
} as const

/** What became of the day under each policy, with the same memory. */
export interface Day {
  readonly keepAlive: Simulated
  readonly perFunction: Simulated
  readonly shared: Simulated
}

/** Simulates a day on measured costs, by set of dependencies. Both policies with images get the share of memory that serves them best. */
export function simulateDay(costs: readonly SetCosts[]): Day {
  const functions = azureLike(day.functions, costs.length)
  const load = arrivals(functions, { durationMs: day.durationMs, random: seeded(day.seed) })
  const world: World = { functions, arrivals: load, costs, memoryMb: day.memoryMb, keepAliveMs: day.keepAliveMs }
  return {
    keepAlive: simulate(world, keepAliveAlone(world)),
    perFunction: best(world, (imagesMb) => imagePerFunction(world, imagesMb)).simulated,
    shared: best(world, (imagesMb) => sharedImages(world, imagesMb, day.stems)).simulated,
  }
}
