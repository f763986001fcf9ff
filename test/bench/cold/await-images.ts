import type { Server } from '../lib/server.ts'
import type { BenchFunction } from './functions.ts'
import type { Plan } from './plan.ts'
import { firstRun } from './start.ts'

/**
 * Brings a server to where its images are live, as load does: runs new functions, over and over, until each starts in the wanted way.
 * Gives the names of those that do not in the plan's time; they are measured as they are.
 */
export async function awaitImages(
  server: Server,
  functions: readonly BenchFunction[],
  { wanted, plan }: { readonly wanted: string; readonly plan: Pick<Plan, 'imagesMs' | 'silence'> },
): Promise<readonly string[]> {
  const deadline = performance.now() + plan.imagesMs
  let waiting = functions
  while (waiting.length > 0 && performance.now() < deadline) {
    const still: BenchFunction[] = []
    for (const each of waiting) {
      const { how } = await firstRun(server, each, plan.silence)
      if (how.start !== wanted) still.push(each)
    }
    waiting = still
  }
  return waiting.map(({ name }) => name)
}
