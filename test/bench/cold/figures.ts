import { published, type Subject, speedUp } from '../lib/figure.ts'
import type { Figure, Stack } from '../lib/result.ts'
import type { Round } from '../lib/rounds.ts'
import { median } from '../lib/statistics.ts'
import type { ArmName } from './arms.ts'
import type { Weight } from './functions.ts'
import { medianParts, partNames } from './parts.ts'
import type { FunctionSamples } from './samples.ts'
import type { FirstRun } from './start.ts'

type Measure = (run: FirstRun) => number

/** From the request to the first line that is the function's own work: container, runtime and imports are there. */
const startMs: Measure = ({ sentMs, stamps }) => stamps.imported - sentMs
/** From the request to the response. */
const requestMs: Measure = ({ sentMs, answeredMs }) => answeredMs - sentMs
/** What imports take in the function's own process. */
const importMs: Measure = ({ stamps }) => stamps.imported - stamps.entered

interface Comparison {
  readonly id: string
  readonly title: string
  readonly against: ArmName
  readonly of: Measure
  /** What each function must reach, by its weight. */
  readonly each: Readonly<Partial<Record<Weight, number>>>
  /** What the median of the heavy ones must reach. */
  readonly heavyMedian?: number
}

const comparisons: readonly Comparison[] = [
  {
    id: 'start-cold',
    title: 'start, against the cold path',
    against: 'cold',
    of: startMs,
    each: { heavy: 15, light: 5 },
    heavyMedian: 30,
  },
  {
    id: 'start-prewarmed',
    title: 'start, against a prewarmed stem cell',
    against: 'prewarmed',
    of: startMs,
    each: { heavy: 5 },
  },
  {
    id: 'request-cold',
    title: 'whole first request, against the cold path',
    against: 'cold',
    of: requestMs,
    each: { heavy: 2.2, light: 2.2 },
    heavyMedian: 5,
  },
]

/** Every function in every comparison, with the median of the heavy ones first. */
export function functionFigures(samples: readonly FunctionSamples[]): readonly Figure[] {
  return comparisons.flatMap((comparison) => {
    const heavy = samples.filter((sample) => sample.function.weight === 'heavy')
    const each = samples.map((sample) => functionFigure(sample, comparison))
    return heavy.length === 0 ? each : [heavyFigure(heavy, comparison), ...each]
  })
}

/**
 * What the dependencies cost: imported in a fresh interpreter, against restored with an image into a container; what the function's
 * own import statements still take then is counted too.
 */
export function dependencyFigures(sample: FunctionSamples): readonly Figure[] {
  const [imported, restored] = [runsOf(sample, 'cold'), runsOf(sample, 'restored')]
  const restoreMs = restored.map((run) => (run.how.restoreMs ?? 0) + importMs(run))
  const begun: Measure = ({ steps, stamps }) => stamps.imported - (steps.received ?? Number.NaN)
  const name = sample.function.name
  const part = (id: string, title: string, of: Measure): Figure =>
    published({ id: `dependency-${id}`, title: `of that restore: ${title}`, unit: 'ms' }, restored.map(of))
  const loads = rounds(imported.map(importMs), restoreMs)
  const all = { baseline: imported.map(importMs), subject: restoreMs }
  const whole = { baseline: imported.map(begun), subject: restored.map(begun) }
  return [
    speedUp(
      { id: 'dependency-load', title: `load of ${name}: import, against restore`, unit: 'ms', goal: { atLeast: 180 } },
      loads,
      all,
    ),
    part('restored', 'until the process was about to answer', ({ how }) => how.restoreMs ?? 0),
    part('imported', "what the function's own import statements still take", importMs),
    speedUp(
      { id: 'dependency-start', title: `${name}, nothing in stock: message taken → imported`, unit: 'ms' },
      rounds(whole.baseline, whole.subject),
      whole,
    ),
  ]
}

/** How many of our starts found a waiting container with their image. */
export function stockFigure(samples: readonly FunctionSamples[]): Figure {
  const starts = samples.flatMap((sample) => runsOf(sample, 'ours').map(({ how }) => how.start))
  const shares = samples.map((sample) => {
    const own = runsOf(sample, 'ours')
    return (100 * own.filter(({ how }) => how.start === 'warm-stem-cell').length) / own.length
  })
  const share = (100 * starts.filter((start) => start === 'warm-stem-cell').length) / starts.length
  const figure = published({ id: 'stock', title: 'our starts from a warm stem cell', unit: '%' }, shares)
  return { ...figure, value: Number(share.toPrecision(4)), samples: starts.length }
}

/** Where the time of each function goes, by arm. */
export function stacksOf(samples: readonly FunctionSamples[]): readonly Stack[] {
  return samples.flatMap((sample) =>
    Object.entries(sample.runs).map(([arm, runs]) => {
      const parts = medianParts(runs, median)
      return {
        group: sample.function.name,
        way: arm,
        parts: partNames.map((part) => ({ part, value: Number(parts[part].toPrecision(4)) })),
      }
    }),
  )
}

function functionFigure(sample: FunctionSamples, { id, title, against, of, each }: Comparison): Figure {
  const { name, weight } = sample.function
  const all = { baseline: runsOf(sample, against).map(of), subject: runsOf(sample, 'ours').map(of) }
  const about = { id: `${id}-${slug(name)}`, title: `${name}: ${title}`, unit: 'ms', ...goalOf(each[weight]) }
  return speedUp(about, rounds(all.baseline, all.subject), all)
}

function heavyFigure(heavy: readonly FunctionSamples[], { id, title, against, of, heavyMedian }: Comparison): Figure {
  const middle = (sample: FunctionSamples, arm: ArmName): number => median(runsOf(sample, arm).map(of))
  const about = { id: `${id}-heavy`, title: `heavy functions' median: ${title}`, unit: 'ms', ...goalOf(heavyMedian) }
  return speedUp(
    about,
    heavy.map((sample) => ({ baseline: middle(sample, against), subject: middle(sample, 'ours') })),
  )
}

function runsOf(sample: FunctionSamples, arm: ArmName): readonly FirstRun[] {
  return sample.runs[arm] ?? []
}

function rounds(baseline: readonly number[], subject: readonly number[]): readonly Round<number>[] {
  return subject.map((value, index) => ({ subject: value, baseline: baseline[index] ?? Number.NaN }))
}

function goalOf(atLeast: number | undefined): Pick<Subject, 'goal'> {
  return atLeast === undefined ? {} : { goal: { atLeast } }
}

function slug(name: string): string {
  return name.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()
}
