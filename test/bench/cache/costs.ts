import { awaitImages } from '../cold/await-images.ts'
import type { BenchFunction } from '../cold/functions.ts'
import { createFresh, type FirstRun, readRun } from '../cold/start.ts'
import { quiet } from '../lib/quiet.ts'
import { containersOf, type Resident, sumOf } from '../lib/resident.ts'
import type { Server } from '../lib/server.ts'
import { mean, median } from '../lib/statistics.ts'
import type { Plan } from './plan.ts'
import { withServer } from './servers.ts'
import { type DependencySet, importing } from './sets.ts'
import type { SetCosts, StartCost } from './simulator.ts'
import { type StockSizes, sizesOf, stockOf } from './stock.ts'

const MiB = 1024 * 1024

/** What was measured of one set of dependencies. */
export interface Measured {
  readonly set: DependencySet
  readonly costs: SetCosts
  /** The template while nothing shares its pages. */
  readonly template: Resident
  /** The template, and the containers that wait. */
  readonly stock: StockSizes
}

/** Measures what starts of a set take, and what is held for them, on servers of their own that have nothing else to do. */
export async function measureSet(
  set: DependencySet,
  of: { readonly folder: string; readonly plan: Plan },
): Promise<Measured> {
  const { folder, plan } = of
  const wish = { folder, set, stems: plan.stems }
  const function_ = importing(set)
  const cold = await withServer({ ...wish, kind: 'cold', keeps: 'all' }, (server) =>
    costOf(server, function_, { ...plan, wanted: 'cold' }),
  )
  const restored = await withServer({ ...wish, kind: 'restored', keeps: 'none' }, async (server) => {
    await awaitImages(server, [function_], {
      wanted: 'restored',
      plan: { silence: plan.silence, imagesMs: plan.imagesMs },
    })
    const cost = await costOf(server, function_, { ...plan, wanted: 'restored' })
    await quiet({ settleMs: 1000, atMostMs: 5000 })
    return { cost, template: sumOf(containersOf({ controlGroup: server.controlGroup, library: set.library })) }
  })
  const stocked = await withServer({ ...wish, kind: 'stocked', keeps: 'all' }, async (server) => {
    const stock = sizesOf(await stockOf(server, { library: set.library, stems: plan.stems, withinMs: plan.imagesMs }))
    return { stock, cost: await costOf(server, function_, { ...plan, wanted: 'warm-stem-cell' }) }
  })
  const { template } = restored
  const costs = {
    cold: cold.start,
    restored: { startMs: restored.cost.start.startMs, containerMb: stocked.cost.start.containerMb },
    stem: stocked.cost.start,
    imageMb: template.anonymous / MiB,
    stemMb: stocked.stock.stems.alone / Math.max(1, stocked.stock.stemCount) / MiB,
    refillMs: restored.cost.start.startMs,
    runMs: cold.runMs,
  }
  return { set, costs, template, stock: stocked.stock }
}

/**
 * First runs on a server, one after the other, that came by their containers in the wanted way, and what each of those containers adds
 * to the memory of all.
 * @throws Error when too few come by theirs so.
 */
export async function costOf(
  server: Server,
  of: BenchFunction,
  { costRuns, silence, wanted }: Pick<Plan, 'costRuns' | 'silence'> & { readonly wanted: string },
): Promise<{ readonly start: StartCost; readonly runMs: number }> {
  const runs: FirstRun[] = []
  const addedMb: number[] = []
  for (let attempt = 0; runs.length < costRuns; attempt += 1) {
    if (attempt === 3 * costRuns + 10) throw new Error(`Cannot measure "${of.name}": it does not start as ${wanted}`)
    const name = await createFresh(server, of)
    await quiet(silence)
    const before = ownBytes(server)
    const invoked = await server.invoke(name, of.input)
    await quiet(silence)
    const run = readRun(invoked, await server.steps(invoked.activationId))
    if (run.how.start === wanted) {
      addedMb.push((ownBytes(server) - before) / MiB)
      runs.push(run)
    }
    await server.remove(name)
  }
  // Callers wait for all of them together: the slow ones count with their whole length.
  const startMs = mean(runs.map(({ sentMs, stamps }) => stamps.imported - sentMs))
  const runMs = mean(runs.map(({ answeredMs, stamps }) => answeredMs - stamps.imported))
  return { start: { startMs, containerMb: Math.max(0, median(addedMb)) }, runMs }
}

/** Anonymous memory of all containers. Their libraries' files are in the page cache once, whoever maps them. */
function ownBytes({ controlGroup }: Server): number {
  return sumOf(containersOf({ controlGroup })).anonymous
}
