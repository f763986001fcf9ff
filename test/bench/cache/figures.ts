import { judged, published, speedUp } from '../lib/figure.ts'
import { pssOf, type Resident } from '../lib/resident.ts'
import type { Figure } from '../lib/result.ts'
import type { Measured } from './costs.ts'
import { type Day, day } from './day.ts'
import type { Found } from './replay.ts'
import type { Simulated } from './simulator.ts'
import type { Space } from './space.ts'

const MiB = 1024 * 1024

/** What of resident memory is compared. The goals are for what images need of their own: files are there once on both sides. */
const sorts = [
  { id: 'own', title: 'resident bytes of their own', sizeOf: ({ anonymous }: Resident) => anonymous, isJudged: true },
  { id: 'pss', title: "with the libraries' files (PSS)", sizeOf: pssOf, isJudged: false },
] as const

const spaceGoals: ReadonlyMap<number, number> = new Map([
  [10, 0.895],
  [50, 0.975],
])

/** What functions on one image save of what one image a function takes. */
export function spaceFigures(shared: readonly Space[], separate: readonly Space[]): readonly Figure[] {
  return shared.flatMap((one, index) => {
    const other = separate[index]
    return other === undefined ? [] : sorts.map((sort) => spaceFigure({ shared: one, separate: other, sort }))
  })
}

function spaceFigure(of: {
  readonly shared: Space
  readonly separate: Space
  readonly sort: (typeof sorts)[number]
}): Figure {
  const { shared, separate, sort } = of
  const { functions } = shared
  const atLeast = sort.isJudged ? spaceGoals.get(functions) : undefined
  const [value, baseline] = [sort.sizeOf(shared) / MiB, sort.sizeOf(separate) / MiB]
  const about = {
    id: `space-${functions}-${sort.id}`,
    title: `${functions} functions on one image, share of the space saved: ${sort.title}`,
    unit: 'MB',
    ...(atLeast === undefined ? {} : { goal: { atLeast } }),
  }
  return judged(about, { value, baseline, ratio: 1 - value / baseline, samples: 1 })
}

/** What an image and its waiting containers take, part by part. */
export function stockFigures({ set, template, stock, costs }: Measured): readonly Figure[] {
  const figure = (id: string, title: string, bytes: number): Figure =>
    published({ id: `stock-${id}`, title: `image of ${set.name}: ${title}`, unit: 'MB' }, [bytes / MiB])
  const each = stock.stemCount === 0 ? 0 : pssOf(stock.stems) / stock.stemCount
  return [
    figure('template-own', 'template alone, of its own', template.anonymous),
    figure('template-files', "template alone, libraries' files", template.file),
    figure('total', `template and ${stock.stemCount} idle warm stem cells`, stock.bytes),
    figure('stem', 'what one idle warm stem cell adds', costs.stemMb * MiB),
    figure('stem-pss', 'its share of all pages that it maps (PSS)', each),
    figure('used', "what a function's container adds after its first run", costs.stem.containerMb * MiB),
    figure('cold', 'the same, started cold', costs.cold.containerMb * MiB),
  ]
}

/** A day under three policies. */
export function dayFigures({ keepAlive, perFunction, shared }: Day): readonly Figure[] {
  const waited = (id: string, title: string, other: Simulated): Figure =>
    speedUp(
      { id: `day-waited-${id}`, title: `a day of ${day.functions} functions: waited for starts, ${title}`, unit: 's' },
      [{ baseline: other.waitedSeconds, subject: shared.waitedSeconds }],
    )
  const share = ({ fromImage, coldStarts }: Simulated): number => (100 * fromImage) / Math.max(1, coldStarts)
  return [
    waited('keep-alive', 'against keep-alive alone', keepAlive),
    waited('per-function', 'against one image a function', perFunction),
    published({ id: 'day-share', title: 'the same day: cold starts served by an image', unit: '%' }, [share(shared)]),
    published({ id: 'day-share-each', title: 'the same day: with one image a function', unit: '%' }, [
      share(perFunction),
    ]),
    published({ id: 'day-cold-starts', title: 'the same day: cold starts', unit: 'starts' }, [shared.coldStarts]),
  ]
}

/** How well the simulator agrees with what really happened: 1 is wholly. */
export function replayFigures(
  name: string,
  { simulated, real }: { readonly simulated: Found; readonly real: Found },
): readonly Figure[] {
  const figure = (what: string, unit: string, of: (found: Found) => number): Figure => {
    const [value, baseline] = [of(simulated), of(real)]
    const id = `replay-${name}-${what}`.replaceAll(/[^a-z-]+/gi, '-')
    const title = `replay, ${name}: ${what}, simulated and real`
    const ratio = Math.min(value / baseline, baseline / value)
    return judged({ id, title, unit, goal: { atLeast: 0.9 } }, { value, baseline, ratio, samples: 1 })
  }
  return [
    figure('cold starts', 'starts', ({ coldStarts }) => coldStarts),
    figure('waited', 's', ({ waitedSeconds }) => waitedSeconds),
  ]
}
