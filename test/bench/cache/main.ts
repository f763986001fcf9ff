import { parseArgs } from 'node:util'
import { awaitImages } from '../cold/await-images.ts'
import { benchFolder } from '../lib/folder.ts'
import { publish } from '../lib/publish.ts'
import { quiet } from '../lib/quiet.ts'
import type { Figure } from '../lib/result.ts'
import type { Server } from '../lib/server.ts'
import { costOf, type Measured, measureSet } from './costs.ts'
import { simulateDay } from './day.ts'
import { dayFigures, replayFigures, spaceFigures, stockFigures } from './figures.ts'
import { fullPlan, type Plan, quickPlan } from './plan.ts'
import { seeded } from './random.ts'
import { compressed, replay, simulated } from './replay.ts'
import { withServer } from './servers.ts'
import { importing } from './sets.ts'
import { imageEach, imageShared } from './space.ts'
import { stockOf } from './stock.ts'
import { arrivals } from './trace.ts'

interface Bench {
  readonly folder: string
  readonly plan: Plan
}

/**
 * `npm run bench:cache`: what dependency images take and save: real memory of functions on one image and on one each, of the image and
 * its waiting containers; and a simulated day on measured costs, checked against a short real one. `--quick` only tries it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
  const bench = { folder: benchFolder(), plan: values.quick ? quickPlan : fullPlan }
  const space = await measureSpace(bench)
  const measured: Measured[] = []
  for (const set of bench.plan.sets) {
    measured.push(await measureSet(set, bench))
    console.error(`measured: ${set.name} ${JSON.stringify(measured.at(-1)?.costs)}`)
  }
  const replays = await measureReplays(bench, measured)
  const day = simulateDay(measured.map(({ costs }) => costs))
  const [first, ...others] = [...space, ...measured.slice(0, 1).flatMap(stockFigures), ...dayFigures(day), ...replays]
  if (first === undefined) throw new Error('Cannot publish: nothing was measured')
  await publish({
    name: 'cache',
    title: 'What images take and save',
    baseline: 'the other way',
    figures: [first, ...others],
    isQuick: values.quick,
  })
}

async function measureSpace({ folder, plan }: Bench): Promise<readonly Figure[]> {
  const [set] = plan.sets
  if (set === undefined) throw new Error('Cannot measure space: there is no set of dependencies')
  const wish = { folder, set, stems: 0 }
  const { counts } = plan
  const separate = await withServer({ ...wish, kind: 'cold', keeps: 'all' }, (server) => imageEach(server, set, counts))
  const shared = await withServer({ ...wish, kind: 'restored', keeps: 'none' }, async (server) => {
    await awaitImages(server, [importing(set)], { wanted: 'restored', plan })
    const idle = () => quiet({ settleMs: 1_500, atMostMs: 5_000 })
    return imageShared(server, set, { counts, idle })
  })
  return spaceFigures(shared, separate)
}

/**
 * A short load, really run without images and with them, and simulated. What a start takes is measured on the same server right before
 * and right after; else the machine's mood would be compared.
 */
async function measureReplays({ folder, plan }: Bench, measured: readonly Measured[]): Promise<readonly Figure[]> {
  const small = measured.at(-1)
  if (small === undefined) throw new Error('Cannot replay: nothing was measured')
  const { set, costs } = small
  const functions = compressed(plan.replay.functions)
  const load = { functions, arrivals: arrivals(functions, { durationMs: plan.replay.durationMs, random: seeded(7) }) }
  const on = async (server: Server, wanted: string) => {
    const before = await costOf(server, importing(set), { ...plan, wanted })
    const real = await replay(server, importing(set), load)
    const after = await costOf(server, importing(set), { ...plan, wanted })
    return { real, startMs: (before.start.startMs + after.start.startMs) / 2 }
  }
  const wish = { folder, set, stems: plan.stems, keeps: 'replay' } as const
  const cold = await withServer({ ...wish, kind: 'cold' }, (server) => on(server, 'cold'))
  const ours = await withServer({ ...wish, kind: 'stocked' }, async (server) => {
    await stockOf(server, { library: set.library, stems: plan.stems, withinMs: plan.imagesMs })
    return on(server, 'warm-stem-cell')
  })
  const alone = { ...costs, cold: { ...costs.cold, startMs: cold.startMs } }
  const shared = { ...costs, stem: { ...costs.stem, startMs: ours.startMs } }
  return [
    ...replayFigures('keep-alive alone', {
      simulated: simulated(load, { costs: alone, stems: undefined }),
      real: cold.real,
    }),
    ...replayFigures('shared images', {
      simulated: simulated(load, { costs: shared, stems: plan.stems }),
      real: ours.real,
    }),
  ]
}

await main()
