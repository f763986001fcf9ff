import { Containers } from './containers.ts'
import type { Arrival, TraceFunction } from './trace.ts'

/** What a start by one way takes: until the function's first line, and the memory that its container then has. */
export interface StartCost {
  readonly startMs: number
  readonly containerMb: number
}

/** What was measured of functions with one set of dependencies. */
export interface SetCosts {
  readonly cold: StartCost
  /** A container that is restored when it is asked for. */
  readonly restored: StartCost
  /** A container that waits with its image. */
  readonly stem: StartCost
  /** What the image takes while it is resident. */
  readonly imageMb: number
  /** What a waiting container takes, and how long another is in the making. */
  readonly stemMb: number
  readonly refillMs: number
  /** How long a function runs. */
  readonly runMs: number
}

/** A resident image: the set that it holds, and the containers that wait with it. */
export interface ResidentImage {
  readonly set: number
  readonly stems: number
}

/** How memory is used: which images are resident, which function has which of them; the rest is for containers. */
export interface Policy {
  readonly images: readonly ResidentImage[]
  /** Index of the image of each function; undefined: none. */
  readonly imageOf: readonly (number | undefined)[]
}

/** A load and a machine. */
export interface World {
  readonly functions: readonly TraceFunction[]
  readonly arrivals: readonly Arrival[]
  /** By set. */
  readonly costs: readonly SetCosts[]
  /** For images, waiting containers and containers of functions together. */
  readonly memoryMb: number
  readonly keepAliveMs: number
}

/** What became of a load. */
export interface Simulated {
  readonly arrivals: number
  readonly coldStarts: number
  /** Cold starts that an image served. */
  readonly fromImage: number
  /** Spent by callers on starts, in all. */
  readonly waitedSeconds: number
}

/** Memory that a policy's images and waiting containers take, in MB. */
export function residentMb({ images }: Policy, costs: readonly SetCosts[]): number {
  return images.reduce((total, { set, stems }) => {
    const { imageMb, stemMb } = costOf(costs, set)
    return total + imageMb + stems * stemMb
  }, 0)
}

/**
 * Runs a load against a policy. A container that is idle serves its function at once and is kept for the keep-alive time from then on;
 * the longest unused go earlier where another needs their memory. Work is never refused: what runs at a time is small beside what is kept.
 * Pure: the same world gives the same.
 */
export function simulate({ functions, arrivals, costs, memoryMb, keepAliveMs }: World, policy: Policy): Simulated {
  const containers = new Containers(memoryMb - residentMb(policy, costs), keepAliveMs)
  const refills = policy.images.map((): number[] => [])
  const found = { coldStarts: 0, fromImage: 0, waitedMs: 0 }
  for (const { atMs, function: index } of arrivals) {
    const cost = costOf(costs, functions[index]?.set ?? 0)
    if (containers.reuse(index, { atMs, busyMs: cost.runMs })) continue
    const image = policy.imageOf[index]
    const start = image === undefined ? cost.cold : startFrom(image, atMs)
    containers.start(index, { atMs, busyMs: start.startMs + cost.runMs, mb: start.containerMb })
    found.coldStarts += 1
    found.waitedMs += start.startMs
    if (image !== undefined) found.fromImage += 1
  }
  const { coldStarts, fromImage, waitedMs } = found
  return { arrivals: arrivals.length, coldStarts, fromImage, waitedSeconds: waitedMs / 1000 }

  /** Takes a waiting container, and begins to make another; where none waits, one is restored now. */
  function startFrom(image: number, atMs: number): StartCost {
    const { set, stems } = policy.images[image] ?? { set: 0, stems: 0 }
    const { stem, restored, refillMs } = costOf(costs, set)
    const pending = (refills[image] ?? []).filter((doneMs) => doneMs > atMs)
    refills[image] = pending
    if (pending.length >= stems) return restored
    // They are made one after the other.
    pending.push(Math.max(atMs, ...pending) + refillMs)
    return stem
  }
}

function costOf(costs: readonly SetCosts[], set: number): SetCosts {
  const cost = costs[set]
  if (cost === undefined) throw new RangeError(`Cannot simulate: nothing was measured of set ${set}`)
  return cost
}
