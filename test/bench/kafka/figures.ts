import { comparison, type Subject } from '../lib/figure.ts'
import type { Figure } from '../lib/result.ts'
import type { Round } from '../lib/rounds.ts'
import type { Measured } from './side.ts'

/** What was measured. */
export interface Case {
  readonly kind: string
  readonly inFlight: number
  /** The store that takes the records, where it is not the stub. */
  readonly store?: string
}

type About = Omit<Subject, 'id'> & { readonly of: keyof Measured }

/** Goals and titles. OpenWhisk's figures: its own invoker after 20,000 activations on such a machine. */
function about({ inFlight }: Case): readonly About[] {
  const isAlone = inFlight === 1
  return [
    { of: 'cpuMs', title: 'CPU per activation', unit: 'ms', goal: { atMost: 1.6 } },
    {
      of: 'resultP50',
      title: 'produce to Result ack, p50',
      unit: 'ms',
      goal: { atMost: 1.3 },
      ...(isAlone ? { openwhisk: 5.7 } : {}),
    },
    { of: 'resultP99', title: 'produce to Result ack, p99', unit: 'ms', goal: { atMost: 2 } },
    {
      of: 'perSecond',
      title: 'activations per second',
      unit: '/s',
      goal: { atLeast: 0.8 },
      ...(isAlone ? {} : { openwhisk: 240 }),
    },
    { of: 'completionP50', title: 'produce to Completion ack, p50', unit: 'ms' },
    { of: 'completionP99', title: 'produce to Completion ack, p99', unit: 'ms' },
    { of: 'perCpuSecond', title: 'activations per CPU second', unit: '/s', ...(isAlone ? {} : { openwhisk: 410 }) },
  ]
}

/** The figures of one case. With a store that is not the stub nothing is judged: the store is part of what is measured. */
export function caseFigures(of: Case, rounds: readonly Round<Measured>[]): readonly Figure[] {
  const label = `${of.kind}, ${of.inFlight} in flight${of.store === undefined ? '' : `, ${of.store}`}`
  const prefix = [of.store?.toLowerCase() ?? [], of.kind.replace(':', '-'), of.inFlight].flat().join('-')
  return about(of).map(({ of: key, goal, ...rest }) =>
    comparison(
      {
        ...rest,
        id: `${prefix}-${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
        title: `${label}: ${rest.title}`,
        ...(goal === undefined || of.store !== undefined ? {} : { goal }),
      },
      rounds.map(({ baseline, subject }) => ({ baseline: baseline[key], subject: subject[key] })),
    ),
  )
}
