import type { Random } from './random.ts'

/** A function of a trace. */
export interface TraceFunction {
  readonly perMinute: number
  /** Index of the set of dependencies that it imports. */
  readonly set: number
}

/** An invocation: when, in ms from the start of the trace, and of which function, by index. */
export interface Arrival {
  readonly atMs: number
  readonly function: number
}

const lowestPerMinute = 0.001
const highestPerMinute = 0.6

/**
 * Functions whose rates are spread as the Azure traces show them (HotSwap's figure, reference 1.1): half of them are called less than
 * once in a thousand minutes, the others from there up to 0.6 times a minute, the fewer the more often: as many between 0.001 and 0.01
 * as between 0.01 and 0.1. The sets of dependencies take turns.
 */
export function azureLike(count: number, sets: number): readonly TraceFunction[] {
  return Array.from({ length: count }, (_, index) => ({
    perMinute: rateAt((index + 0.5) / count),
    set: index % sets,
  }))
}

/** The rate below which the share `of` (0 to 1) of the functions are, in calls a minute. */
export function rateAt(of: number): number {
  if (of < 0.5) return lowestPerMinute * 2 * of
  return lowestPerMinute * (highestPerMinute / lowestPerMinute) ** (2 * of - 1)
}

/** Poisson arrivals of all functions over `durationMs`, in order of time. */
export function arrivals(
  functions: readonly TraceFunction[],
  { durationMs, random }: { readonly durationMs: number; readonly random: Random },
): readonly Arrival[] {
  const all: Arrival[] = []
  for (const [index, { perMinute }] of functions.entries()) {
    let atMs = gapMs(perMinute, random)
    while (atMs < durationMs) {
      all.push({ atMs, function: index })
      atMs += gapMs(perMinute, random)
    }
  }
  return all.sort((a, b) => a.atMs - b.atMs)
}

/**
 * Cold starts that a function has in a day when its containers are kept for a time and memory is no bound: those arrivals before which
 * nobody came for that long. Most at one arrival per keep-alive time: 35.3 for a quarter of an hour.
 */
export function expectedColdStarts(perMinute: number, keepAliveMinutes: number): number {
  return perMinute * 1440 * Math.exp(-perMinute * keepAliveMinutes)
}

function gapMs(perMinute: number, random: Random): number {
  return (-Math.log(1 - random()) / perMinute) * 60_000
}
