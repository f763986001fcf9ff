import type { Figure, Goal } from './result.ts'
import type { Round } from './rounds.ts'
import { median, percentile, spread } from './statistics.ts'

/** What a figure is about. */
export interface Subject {
  readonly id: string
  readonly title: string
  readonly unit: string
  readonly goal?: Goal
  readonly openwhisk?: number
}

/** Whether `ratio` keeps to `goal`. */
export function meets(goal: Goal, ratio: number): boolean {
  return 'atMost' in goal ? ratio <= goal.atMost : ratio >= goal.atLeast
}

/** A figure of two sides measured in turn; the ratio is the median of the rounds' own ratios, not the ratio of the medians. */
export function comparison(about: Subject, rounds: readonly Round<number>[]): Figure {
  const ratios = rounds.map((round) => round.subject / round.baseline)
  // The verdict is on the figure that is printed.
  const ratio = tidy(median(ratios))
  return {
    ...head(about),
    value: tidy(median(rounds.map((round) => round.subject))),
    baseline: tidy(median(rounds.map((round) => round.baseline))),
    ratio,
    spread: tidySpread(ratios),
    samples: rounds.length,
    ...verdict(about.goal, ratio),
    ...reference(about),
  }
}

/** Single measurements of the two sides, which need not come in pairs. */
export interface Sides {
  readonly baseline: readonly number[]
  readonly subject: readonly number[]
}

/**
 * How many times the baseline takes what we take: a figure of times that were measured in turn, in pairs. Where there are single
 * measurements behind the rounds, `all` gives the percentiles.
 */
export function speedUp(about: Subject, rounds: readonly Round<number>[], all?: Sides): Figure {
  const ratios = rounds.map((round) => round.baseline / round.subject)
  const ratio = tidy(median(ratios))
  const p99 = (values: readonly number[]): number => tidy(percentile(values, 0.99))
  return {
    ...head(about),
    value: tidy(median(rounds.map((round) => round.subject))),
    baseline: tidy(median(rounds.map((round) => round.baseline))),
    ratio,
    isSpeedUp: true,
    ...(all === undefined ? {} : { p99: { value: p99(all.subject), baseline: p99(all.baseline) } }),
    spread: tidySpread(ratios),
    samples: rounds.length,
    ...verdict(about.goal, ratio),
  }
}

/** A figure whose ratio is something else than one by the other: a share that is saved, how well two agree. */
export function judged(
  about: Subject,
  of: { readonly value: number; readonly baseline: number; readonly ratio: number; readonly samples: number },
): Figure {
  const ratio = tidy(of.ratio)
  return {
    ...head(about),
    value: tidy(of.value),
    baseline: tidy(of.baseline),
    ratio,
    spread: null,
    samples: of.samples,
    ...verdict(about.goal, ratio),
  }
}

/** A figure without another side: published, not judged. */
export function published(about: Omit<Subject, 'goal'>, values: readonly number[]): Figure {
  return {
    ...head(about),
    value: tidy(median(values)),
    baseline: null,
    ratio: null,
    spread: tidySpread(values),
    samples: values.length,
    ...verdict(undefined, 0),
    ...reference(about),
  }
}

function head({ id, title, unit }: Subject): Pick<Figure, 'id' | 'title' | 'unit'> {
  return { id, title, unit }
}

function verdict(goal: Goal | undefined, ratio: number): Pick<Figure, 'goal' | 'met'> {
  return goal === undefined ? { goal: null, met: null } : { goal, met: meets(goal, ratio) }
}

function reference({ openwhisk }: Subject): Pick<Figure, 'openwhisk'> {
  return openwhisk === undefined ? {} : { openwhisk }
}

function tidySpread(values: readonly number[]): Figure['spread'] {
  const { low, high } = spread(values)
  return { low: tidy(low), high: tidy(high) }
}

/** Four significant digits: more would be noise, and a review would drown in it. */
function tidy(value: number): number {
  return Number(value.toPrecision(4))
}
