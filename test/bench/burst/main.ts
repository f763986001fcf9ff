import { parseArgs } from 'node:util'
import { withServer } from '../cache/servers.ts'
import { dependencySets, importing } from '../cache/sets.ts'
import { stockOf } from '../cache/stock.ts'
import { comparison, published } from '../lib/figure.ts'
import { benchFolder } from '../lib/folder.ts'
import { publish } from '../lib/publish.ts'
import { quiet } from '../lib/quiet.ts'
import type { Figure } from '../lib/result.ts'
import { alternate, type Round } from '../lib/rounds.ts'
import type { Server } from '../lib/server.ts'
import { percentile } from '../lib/statistics.ts'
import { type Burst, burst } from './measure.ts'

interface Plan {
  readonly rounds: number
  /** Functions that arrive at once. The cold path gets fewer: it is a rate, and a hundred interpreters with torch need more memory. */
  readonly ours: number
  readonly cold: number
  /** How long the stock may take to be there, and the machine to be quiet then. */
  readonly stockMs: number
  readonly quietMs: number
}

const full: Plan = { rounds: 5, ours: 100, cold: 10, stockMs: 60_000, quietMs: 5_000 }
const quick: Plan = { rounds: 1, ours: 5, cold: 2, stockMs: 8_000, quietMs: 300 }

const stock = 16
const [set] = dependencySets

/**
 * `npm run bench:burst`: functions that were never seen before arrive at once, all with the dependencies of one image; with dependency
 * images and their stock, against the cold path. `--quick` only tries it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
  const plan = values.quick ? quick : full
  const folder = benchFolder()
  const wish = { folder, set, stems: stock, keeps: 'none' } as const
  await withServer({ ...wish, kind: 'cold' }, (cold) =>
    withServer({ ...wish, kind: 'stocked' }, async (ours) => {
      const rounds = await measure({ cold, ours, plan })
      await publish({
        name: 'burst',
        title: `${plan.ours} new functions at once`,
        baseline: 'the cold path',
        figures: figures(rounds, plan),
        isQuick: values.quick,
      })
    }),
  )
}

function measure(of: {
  readonly cold: Server
  readonly ours: Server
  readonly plan: Plan
}): Promise<readonly Round<Burst>[]> {
  const { cold, ours, plan } = of
  const silence = { settleMs: 500, atMostMs: plan.quietMs }
  const full = { library: set.library, stems: stock, withinMs: plan.stockMs }
  const stocked = async (): Promise<void> => {
    await stockOf(ours, full)
    await quiet(silence)
  }
  const common = { function: importing(set) } as const
  return alternate({
    rounds: plan.rounds,
    baseline: () => burst(cold, { ...common, count: plan.cold, ready: () => quiet(silence) }),
    subject: () => burst(ours, { ...common, count: plan.ours, ready: stocked }),
    onRound: ({ subject }, index) => console.error(`round ${index + 1}: ${JSON.stringify(subject.starts)}`),
  })
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
