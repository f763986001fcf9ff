import { comparison, published } from '../lib/figure.ts'
import type { Figure } from '../lib/result.ts'
import type { Round } from '../lib/rounds.ts'
import type { Measured } from './measure.ts'

/** The figures of one kind. The baseline is the floor. */
export function kindFigures(kind: string, rounds: readonly Round<Measured>[]): readonly Figure[] {
  const id = kind.replace(':', '-')
  const of = (key: keyof Measured): readonly Round<number>[] =>
    rounds.map(({ baseline, subject }) => ({ baseline: baseline[key], subject: subject[key] }))
  return [
    comparison(
      {
        id: `${id}-overhead-p50`,
        title: `${kind}: added to the bare run, p50`,
        unit: 'ms',
        goal: { atMost: 2 },
      },
      of('overheadP50'),
    ),
    comparison({ id: `${id}-request-p50`, title: `${kind}: request to response, p50`, unit: 'ms' }, of('requestP50')),
    comparison({ id: `${id}-request-p99`, title: `${kind}: request to response, p99`, unit: 'ms' }, of('requestP99')),
    published(
      { id: `${id}-bare-p50`, title: `${kind}: bare POST /run, p50`, unit: 'ms' },
      rounds.flatMap(({ baseline, subject }) => [baseline.bareP50, subject.bareP50]),
    ),
  ]
}
