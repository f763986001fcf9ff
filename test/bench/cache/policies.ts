import { type Policy, residentMb, type SetCosts, type Simulated, simulate, type World } from './simulator.ts'
import { expectedColdStarts, type TraceFunction } from './trace.ts'

/** Shares of the memory that a policy may give to images; the one with which callers wait least is compared. */
const shares = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]

/** A policy at its best, and what became of the load. */
export interface Best {
  readonly policy: Policy
  readonly simulated: Simulated
}

/** All memory for containers that are kept alive. */
export function keepAliveAlone({ functions }: Pick<World, 'functions'>): Policy {
  return { images: [], imageOf: functions.map(() => undefined) }
}

/** An image for each of the functions that wait most, as many as fit into `imagesMb`. Nothing waits ready. */
export function imagePerFunction(world: World, imagesMb: number): Policy {
  const { functions, costs } = world
  const order = functions.map((_, index) => index).toSorted((a, b) => saved(world, b) - saved(world, a))
  const chosen = fitting(order, { mbOf: (index) => costs[functions[index]?.set ?? 0]?.imageMb ?? 0, imagesMb })
  const imageOf: (number | undefined)[] = functions.map(() => undefined)
  for (const [image, index] of chosen.entries()) imageOf[index] = image
  return { images: chosen.map((index) => ({ set: functions[index]?.set ?? 0, stems: 0 })), imageOf }
}

/** An image for each set of dependencies, those first that save most, as many as fit into `imagesMb`, and containers that wait with it. */
export function sharedImages(world: World, imagesMb: number, stems: number): Policy {
  const { functions, costs } = world
  const savedBy = (set: number): number =>
    functions.reduce((total, one, index) => (one.set === set ? total + saved(world, index) : total), 0)
  const order = costs.map((_, set) => set).toSorted((a, b) => savedBy(b) - savedBy(a))
  const mbOf = (set: number): number => {
    const { imageMb, stemMb } = costs[set] ?? { imageMb: 0, stemMb: 0 }
    return imageMb + stems * stemMb
  }
  const chosen = fitting(order, { mbOf, imagesMb })
  const imageOf = functions.map(({ set }) => (chosen.includes(set) ? chosen.indexOf(set) : undefined))
  return { images: chosen.map((set) => ({ set, stems })), imageOf }
}

/** The policy, out of those that a share of the memory makes, with which callers wait least; giving nothing to images is one of them. */
export function best(world: World, policyOf: (imagesMb: number) => Policy): Best {
  const candidates = shares.map((share) => policyOf(share * world.memoryMb))
  const [first, ...others] = [keepAliveAlone(world), ...candidates]
    .filter((policy) => residentMb(policy, world.costs) <= world.memoryMb)
    .map((policy) => ({ policy, simulated: simulate(world, policy) }))
  if (first === undefined) throw new RangeError('Cannot compare: there is no policy')
  return others.reduce((a, b) => (b.simulated.waitedSeconds < a.simulated.waitedSeconds ? b : a), first)
}

/** What an image would save a function in a day at most, in ms. */
function saved({ functions, costs, keepAliveMs }: World, index: number): number {
  const { perMinute, set }: TraceFunction = functions[index] ?? { perMinute: 0, set: 0 }
  const { cold, restored } = (costs[set] ?? { cold: { startMs: 0 }, restored: { startMs: 0 } }) as SetCosts
  return expectedColdStarts(perMinute, keepAliveMs / 60_000) * (cold.startMs - restored.startMs)
}

function fitting(
  order: readonly number[],
  { mbOf, imagesMb }: { readonly mbOf: (one: number) => number; readonly imagesMb: number },
): readonly number[] {
  let left = imagesMb
  return order.filter((one) => {
    const fits = mbOf(one) <= left
    if (fits) left -= mbOf(one)
    return fits
  })
}
