import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from '../lib/server.ts'
import type { BenchFunction } from './functions.ts'
import type { Plan } from './plan.ts'
import { firstRun } from './start.ts'

/** So often all may be tried with nothing new before they are measured as they are: some have no image, and some images no stock. */
const idlePasses = 8
const pauseMs = 2_000

/**
 * Brings a server to where its images are live, as load does: runs new functions, over and over, until each starts in the wanted way.
 * Gives the names of those that do not in the plan's time, or that nothing happens to any more; they are measured as they are.
 */
export async function awaitImages(
  server: Server,
  functions: readonly BenchFunction[],
  { wanted, plan }: { readonly wanted: string; readonly plan: Pick<Plan, 'imagesMs' | 'silence'> },
): Promise<readonly string[]> {
  const deadline = performance.now() + plan.imagesMs
  let waiting = functions
  for (let idle = 0; waiting.length > 0 && idle < idlePasses && performance.now() < deadline; idle += 1) {
    const still: BenchFunction[] = []
    for (const each of waiting) {
      const { how } = await firstRun(server, each, plan.silence)
      if (how.start !== wanted) still.push(each)
    }
    if (still.length < waiting.length) idle = -1
    waiting = still
    if (waiting.length > 0) await sleep(pauseMs)
  }
  return waiting.map(({ name }) => name)
}
