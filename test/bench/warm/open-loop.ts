import { setTimeout as sleep } from 'node:timers/promises'

/** A fixed schedule of arrivals. */
export interface OpenLoop {
  readonly count: number
  readonly perSecond: number
  /** Time before the first arrival. */
  readonly delayMs?: number
  readonly call: () => Promise<unknown>
}

/**
 * Calls at fixed times, whether earlier calls have ended or not, and gives how long each took in ms. A closed loop would
 * wait for slow answers and so hide them.
 */
export async function openLoop({ count, perSecond, delayMs = 0, call }: OpenLoop): Promise<readonly number[]> {
  const start = performance.now() + delayMs
  const running: Promise<number>[] = []
  for (let index = 0; index < count; index += 1) {
    const dueMs = start + (index * 1000) / perSecond - performance.now()
    if (dueMs > 0) await sleep(dueMs)
    running.push(timed(call))
  }
  return await Promise.all(running)
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await call()
  return performance.now() - start
}
