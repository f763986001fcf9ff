import type { ControllerPeer } from '../lib/controller-peer.ts'
import type { Invokable } from '../lib/message.ts'
import { percentile } from '../lib/statistics.ts'
import { cpuMs } from '../lib/usage.ts'

/** One of the two that are compared: a process that consumes a topic of its own. */
export interface Side {
  readonly pid: number
  readonly topic: string
}

/** What to put on a side. */
export interface Load {
  readonly action: Invokable
  readonly inFlight: number
  readonly count: number
}

/** What a side did with a load: times of one activation in ms, rates of all. */
export interface Measured {
  readonly cpuMs: number
  readonly resultP50: number
  readonly resultP99: number
  readonly completionP50: number
  readonly completionP99: number
  readonly perSecond: number
  readonly perCpuSecond: number
}

/** Activations before each measurement that are not counted: paused containers wake, caches fill again. */
const settleCount = 20

/** Puts `load` on `side` and measures it. */
export async function measure(peer: ControllerPeer, side: Side, load: Load): Promise<Measured> {
  await peer.drive({ topic: side.topic, ...load, count: settleCount })
  const before = cpuMs(side.pid)
  const { resultMs, completionMs, elapsedMs } = await peer.drive({ topic: side.topic, ...load })
  const cpu = cpuMs(side.pid) - before
  return {
    cpuMs: cpu / load.count,
    resultP50: percentile(resultMs, 0.5),
    resultP99: percentile(resultMs, 0.99),
    completionP50: percentile(completionMs, 0.5),
    completionP99: percentile(completionMs, 0.99),
    perSecond: (load.count * 1000) / elapsedMs,
    perCpuSecond: (load.count * 1000) / cpu,
  }
}
