import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchFunction } from '../cold/functions.ts'
import { type Stamps, stampsKey } from '../cold/instrument.ts'
import { createFresh } from '../cold/start.ts'
import type { Invoked, Server } from '../lib/server.ts'
import { compression, replayKeepAliveMs } from './servers.ts'
import { type SetCosts, type Simulated, simulate } from './simulator.ts'
import { type Arrival, azureLike, type TraceFunction } from './trace.ts'

/** A short load whose time runs faster; the rates and the keep-alive time fit each other as in a day. */
export interface Replay {
  readonly functions: readonly TraceFunction[]
  readonly arrivals: readonly Arrival[]
}

/** What a replay or its simulation found. */
export type Found = Pick<Simulated, 'coldStarts' | 'waitedSeconds'>

/** Functions of one set of dependencies whose rates are those of a day, compressed. */
export function compressed(count: number): readonly TraceFunction[] {
  return azureLike(count, 1).map(({ perMinute, set }) => ({ perMinute: perMinute * compression, set }))
}

/** Invokes at the times of the arrivals, whether earlier ones have ended or not, and counts as the simulator does. */
export async function replay(server: Server, of: BenchFunction, { functions, arrivals }: Replay): Promise<Found> {
  const names: string[] = []
  for (const _ of functions) names.push(await createFresh(server, of))
  const start = performance.now()
  const running: Promise<Invoked>[] = []
  for (const { atMs, function: index } of arrivals) {
    const dueMs = start + atMs - performance.now()
    if (dueMs > 0) await sleep(dueMs)
    running.push(server.invoke(names[index] ?? '', of.input))
  }
  const invoked = await Promise.all(running)
  for (const name of names) await server.remove(name)
  const coldOnes = invoked.filter(({ annotations }) => 'initTime' in annotations)
  const waitedMs = coldOnes.reduce((total, one) => total + startMs(one), 0)
  return { coldStarts: coldOnes.length, waitedSeconds: waitedMs / 1000 }
}

/** The same, simulated. `stems`: how many containers wait with the image of the functions; undefined: there is none. */
export function simulated(
  { functions, arrivals }: Replay,
  { costs, stems }: { readonly costs: SetCosts; readonly stems: number | undefined },
): Found {
  const images = stems === undefined ? [] : [{ set: 0, stems }]
  const image = stems === undefined ? undefined : 0
  const world = { functions, arrivals, costs: [costs], memoryMb: Infinity, keepAliveMs: replayKeepAliveMs }
  return simulate(world, { images, imageOf: functions.map(() => image) })
}

function startMs({ sentMs, result }: Invoked): number {
  return (result[stampsKey] as unknown as Stamps).imported - sentMs
}
