import { compareText } from '../../lib/compare-text.ts'
import type { AdviceVerdict } from '../../ports/image-admin.ts'
import type { Candidate } from './candidates.ts'

/** A candidate, what it takes, and how many seconds a day it would save each load were it the only image. */
export interface Serving {
  readonly candidate: Candidate
  readonly bytes: number
  readonly seconds: readonly number[]
}

/** A candidate and what became of it. */
export interface Picked {
  readonly serving: Serving
  readonly verdict: AdviceVerdict
  readonly savedSecondsPerDay: number
}

/** An image that saves less in a day is not worth building. */
const leastSeconds = 0.1
/** A subset of another image goes if what it serves is served as well without it, but for this part. */
const tolerance = 0.03

/**
 * Picks within a budget: pinned ones, then again and again what saves most for its bytes beyond what is there. Each load is served
 * by the image that saves it most. A subset of a picked image that adds too little to be told apart is left again.
 */
export function pickImages(servings: readonly Serving[], budgetBytes: number): readonly Picked[] {
  const sorted = [...servings].sort(byName)
  const covered = new Set<Serving>()
  let picked = grow([], { servings: sorted, covered, budgetBytes })
  for (let gone = needless(picked); gone !== undefined; gone = needless(picked)) {
    covered.add(gone)
    const rest = picked.filter((one) => one !== gone)
    picked = grow(rest, { servings: sorted, covered, budgetBytes })
  }
  const left = sorted.filter((one) => !picked.includes(one)).map((one) => judge(one, picked))
  return [...inOrder(picked), ...left.sort(pinnedFirst)]
}

function grow(
  from: readonly Serving[],
  given: {
    readonly servings: readonly Serving[]
    readonly covered: ReadonlySet<Serving>
    readonly budgetBytes: number
  },
): readonly Serving[] {
  const picked = [...from]
  const open = new Set(given.servings.filter((one) => !picked.includes(one) && !given.covered.has(one)))
  let free = given.budgetBytes - picked.reduce((sum, { bytes }) => sum + bytes, 0)
  for (;;) {
    const fitting = [...open].filter(({ bytes }) => bytes <= free)
    const next = fitting.find(({ candidate }) => candidate.isPinned) ?? densest(fitting, picked)
    if (next === undefined) return picked
    picked.push(next)
    open.delete(next)
    free -= next.bytes
  }
}

function densest(servings: readonly Serving[], picked: readonly Serving[]): Serving | undefined {
  const best = bestOf(picked)
  let found: { readonly one: Serving; readonly density: number } | undefined
  for (const one of servings) {
    const seconds = added(one, best)
    const density = seconds / Math.max(1, one.bytes)
    if (seconds >= leastSeconds && density > (found?.density ?? 0)) found = { one, density }
  }
  return found?.one
}

/** A picked image, not pinned, that another picked one holds whole, and whose loads the others serve nearly as well. */
function needless(picked: readonly Serving[]): Serving | undefined {
  const spare = picked.filter((one) => !one.candidate.isPinned && picked.some((other) => isPartOf(one, other)))
  const parts = spare.map((one) => {
    const others = bestOf(picked.filter((other) => other !== one))
    const served = one.seconds
      .filter((saved, load) => saved > (others[load] ?? 0))
      .reduce((sum, saved) => sum + saved, 0)
    return { one, part: served === 0 ? 0 : added(one, others) / served }
  })
  return parts.filter(({ part }) => part <= tolerance).sort((a, b) => a.part - b.part)[0]?.one
}

function isPartOf({ candidate: part }: Serving, { candidate: whole }: Serving): boolean {
  if (part === whole || part.kind !== whole.kind || part.namespace !== whole.namespace) return false
  return [...part.distributions.keys()].every((name) => whole.distributions.has(name))
}

function judge(serving: Serving, picked: readonly Serving[]): Picked {
  const savedSecondsPerDay = added(serving, bestOf(picked))
  if (total([serving]) < leastSeconds && !serving.candidate.isPinned) {
    return { serving, verdict: 'saves-too-little', savedSecondsPerDay }
  }
  const isNeeded =
    serving.candidate.isPinned || savedSecondsPerDay >= Math.max(leastSeconds, total([serving]) * tolerance)
  return { serving, verdict: isNeeded ? 'over-budget' : 'covered-by-another', savedSecondsPerDay }
}

function pinnedFirst(a: Picked, b: Picked): number {
  const pinned = Number(b.serving.candidate.isPinned) - Number(a.serving.candidate.isPinned)
  return pinned || b.savedSecondsPerDay - a.savedSecondsPerDay
}

/** Pinned ones first, then by what each adds to those before it, the most for its bytes first. */
function inOrder(picked: readonly Serving[]): readonly Picked[] {
  const done: Serving[] = []
  const result: Picked[] = []
  const rest = new Set(picked)
  while (rest.size > 0) {
    const open = [...rest]
    const next = open.find(({ candidate }) => candidate.isPinned) ?? densest(open, done) ?? open[0]
    if (next === undefined) break
    result.push({ serving: next, verdict: 'build', savedSecondsPerDay: added(next, bestOf(done)) })
    done.push(next)
    rest.delete(next)
  }
  return result
}

function bestOf(picked: readonly Serving[]): readonly number[] {
  const best: number[] = []
  for (const { seconds } of picked)
    for (const [load, saved] of seconds.entries()) best[load] = Math.max(best[load] ?? 0, saved)
  return best
}

function added({ seconds }: Serving, best: readonly number[]): number {
  return seconds.reduce((sum, saved, load) => sum + Math.max(0, saved - (best[load] ?? 0)), 0)
}

function total(picked: readonly Serving[]): number {
  return bestOf(picked).reduce((sum, saved) => sum + saved, 0)
}

function byName({ candidate: a }: Serving, { candidate: b }: Serving): number {
  const [first, second] = [a, b].map(
    ({ kind, namespace, runtimeBuild, key }) => `${kind} ${namespace} ${runtimeBuild} ${key}`,
  )
  return compareText(first ?? '', second ?? '')
}
