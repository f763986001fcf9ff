import { parseArgs } from 'node:util'
import { Shutdown } from '../../../invoker/lib/shutdown.ts'
import { startArm } from '../cold/arms.ts'
import { awaitImages } from '../cold/await-images.ts'
import { dependencies } from '../cold/dependencies.ts'
import { fullPlan, quickPlan } from '../cold/plan.ts'
import { comparison, published } from '../lib/figure.ts'
import { benchFolder } from '../lib/folder.ts'
import { publish } from '../lib/publish.ts'
import type { Figure } from '../lib/result.ts'
import { alternate, type Round } from '../lib/rounds.ts'
import { percentile } from '../lib/statistics.ts'
import { type Burst, burst } from './measure.ts'

interface Plan {
  readonly rounds: number
  /** Functions that arrive at once. The cold path gets fewer: it is a rate, and a hundred interpreters with torch need more memory. */
  readonly ours: number
  readonly cold: number
  /** How long a stock of stem cells may take to be there again. */
  readonly quietMs: number
}

const full: Plan = { rounds: 5, ours: 100, cold: 10, quietMs: 8_000 }
const quick: Plan = { rounds: 1, ours: 5, cold: 2, quietMs: 300 }

/**
 * `npm run bench:burst`: functions that were never seen before arrive at once, all with the dependencies of one image; with dependency
 * images and their stock (16 at most), against the cold path. `--quick` only tries it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
  const plan = values.quick ? quick : full
  const shutdown = new Shutdown()
  try {
    const folder = benchFolder()
    const cold = await startArm(shutdown, 'cold', folder)
    const ours = await startArm(shutdown, 'ours', folder)
    const images = { wanted: 'warm-stem-cell', plan: values.quick ? quickPlan : fullPlan }
    const missing = await awaitImages(ours, [dependencies], images)
    if (missing.length > 0) console.error(`without an image: ${missing.join(', ')}`)
    const common = { function: dependencies, quietMs: plan.quietMs }
    const rounds = await alternate({
      rounds: plan.rounds,
      baseline: () => burst(cold, { ...common, count: plan.cold }),
      subject: () => burst(ours, { ...common, count: plan.ours }),
      onRound: ({ subject }, index) => console.error(`round ${index + 1}: ${JSON.stringify(subject.starts)}`),
    })
    await publish({
      name: 'burst',
      title: `${plan.ours} new functions at once`,
      baseline: 'the cold path',
      figures: figures(rounds, plan),
      isQuick: values.quick,
    })
  } finally {
    await shutdown.stop(60_000)
  }
}

function figures(rounds: readonly Round<Burst>[], { ours, cold }: Plan): [Figure, ...Figure[]] {
  const of = (measure: (burst: Burst) => number): readonly Round<number>[] =>
    rounds.map(({ baseline, subject }) => ({ baseline: measure(baseline), subject: measure(subject) }))
  const p = (share: number) => (one: Burst) => percentile(one.firstLineMs, share)
  const stock = rounds.map(({ subject }) => subject.starts['warm-stem-cell'] ?? 0)
  const rate = `first lines per second until the last, ${ours} at once (cold: ${cold})`
  return [
    comparison(
      { id: 'rate', title: rate, unit: '/s', goal: { atLeast: 40 } },
      of((one) => one.perSecond),
    ),
    comparison({ id: 'first-line-p50', title: 'requests in → first line, p50', unit: 'ms' }, of(p(0.5))),
    comparison({ id: 'first-line-p99', title: 'requests in → first line, p99', unit: 'ms' }, of(p(0.99))),
    published({ id: 'from-stock', title: 'of them from stock', unit: 'functions' }, stock),
  ]
}

await main()
