import { median, percentile } from '../lib/statistics.ts'
import { openLoop } from './open-loop.ts'

/** A request and the bare POST /run that it is compared with. */
export interface Pair {
  readonly request: () => Promise<unknown>
  readonly bare: () => Promise<unknown>
}

/** What a side did in one round, in ms. */
export interface Measured {
  readonly requestP50: number
  readonly requestP99: number
  readonly bareP50: number
  /** What the side adds: p50 of the request minus p50 of the bare run in the same seconds. */
  readonly overheadP50: number
}

/**
 * Sends requests at `perSecond`, and a bare run in the middle between two of them, so that both see the machine in the
 * same state.
 */
export async function measure(
  pair: Pair,
  load: { readonly count: number; readonly perSecond: number },
): Promise<Measured> {
  const [requests, bares] = await Promise.all([
    openLoop({ ...load, call: pair.request }),
    openLoop({ ...load, call: pair.bare, delayMs: 500 / load.perSecond }),
  ])
  const [requestP50, bareP50] = [median(requests), median(bares)]
  return { requestP50, requestP99: percentile(requests, 0.99), bareP50, overheadP50: requestP50 - bareP50 }
}
