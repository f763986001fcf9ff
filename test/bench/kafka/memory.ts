import { setInterval } from 'node:timers/promises'
import type { ControllerPeer } from '../lib/controller-peer.ts'
import { comparison, published } from '../lib/figure.ts'
import type { Invokable } from '../lib/message.ts'
import type { Figure } from '../lib/result.ts'
import { median } from '../lib/statistics.ts'
import { rssBytes } from '../lib/usage.ts'
import type { Side } from './side.ts'

/** How to measure memory: RSS around activation number `early` and number `late` of a fresh process. */
export interface MemoryPlan {
  readonly action: Invokable
  readonly inFlight: number
  readonly early: number
  readonly late: number
}

const MB = 1024 * 1024
const sampleMs = 50

/**
 * RSS of a fresh process under load, in MB. A garbage-collected heap goes up and down, so each of the two points is
 * the median of samples over the tenth of `early` activations that ends there.
 */
export async function memoryFigures(
  peer: ControllerPeer,
  side: Side,
  plan: MemoryPlan,
): Promise<readonly [Figure, Figure]> {
  const window = Math.ceil(plan.early / 10)
  const load = { topic: side.topic, action: plan.action, inFlight: plan.inFlight }
  const drive = (count: number): Promise<unknown> => peer.drive({ ...load, count })
  await drive(plan.early - window)
  const early = await sampled(side.pid, drive(window))
  await drive(plan.late - plan.early - window)
  const late = await sampled(side.pid, drive(window))
  const about = {
    id: 'memory-growth',
    title: `RSS after ${plan.late} activations, against after ${plan.early}`,
    unit: 'MB',
    goal: { atMost: 1.05 },
  }
  const growth = comparison(about, [{ baseline: median(early), subject: median(late) }])
  return [
    { ...growth, samples: late.length },
    published({ id: 'memory', title: `RSS after ${plan.late} activations`, unit: 'MB', openwhisk: 370 }, late),
  ]
}

/** RSS in MB, taken again and again while `work` goes on. */
async function sampled(pid: number, work: Promise<unknown>): Promise<readonly number[]> {
  const samples = [rssBytes(pid) / MB]
  const ended = new AbortController()
  const sampling = (async () => {
    try {
      for await (const _ of setInterval(sampleMs, undefined, { signal: ended.signal })) samples.push(rssBytes(pid) / MB)
    } catch (error) {
      // The end of the work ends the sampling by its signal; anything else is a failure.
      if (!ended.signal.aborted) throw error
    }
  })()
  await work.finally(() => ended.abort())
  await sampling
  return samples
}
