import { compareText } from '../../lib/compare-text.ts'

/** What is known of one live image's cold starts. */
export interface StemDemand {
  readonly key: string
  /** Cold starts a second that the image serves, over a short time and over a long one. */
  readonly recentPerSecond: number
  readonly usualPerSecond: number
  /** Most cold starts that came within the time that making one stem cell takes, lately. */
  readonly burst: number
  /** How long making one takes. */
  readonly makeMs: number
  /** What one takes while it waits. */
  readonly heldBytes: number
  /** Count that the manifest asks for. */
  readonly pinned: number
  /** How much sooner an action starts in one than without. */
  readonly savedMs: number
}

/** Bounds of a forecast. */
export interface StemBounds {
  /** Cells of one image at most, but for those that the manifest asks for. */
  readonly perImage: number
  readonly budgetBytes: number
}

/** A cell that is needed less often than this, of all starts, is not kept. */
const seldom = 0.01
/** Where an image starts less than once in this time, none waits for it. */
const daySeconds = 86_400

/** The n-th cell of an image, and what it is worth: ms saved in a second for each byte. */
interface Cell {
  readonly demand: StemDemand
  readonly number: number
  readonly worth: number
}

/**
 * How many warm stem cells each image is to have, by key: one, and so many more as cold starts may arrive while one is being
 * made, by rate and by what came at once lately; none when nothing comes. Counts of the manifest come first, then what is
 * worth most for its memory; the budget holds for all.
 */
export function forecastStems(demands: readonly StemDemand[], bounds: StemBounds): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  let freeBytes = bounds.budgetBytes
  for (const { demand } of demands.flatMap((demand) => cells(demand, bounds)).sort(bestFirst)) {
    if (demand.heldBytes > freeBytes) continue
    freeBytes -= demand.heldBytes
    counts.set(demand.key, (counts.get(demand.key) ?? 0) + 1)
  }
  return counts
}

function cells(demand: StemDemand, { perImage }: StemBounds): readonly Cell[] {
  const perSecond = Math.max(demand.recentPerSecond, demand.usualPerSecond)
  const isIdle = demand.usualPerSecond * daySeconds < 1
  const needed: Cell[] = []
  const chanceOf = poissonTail((perSecond * demand.makeMs) / 1000)
  for (let number = 1; number <= Math.max(perImage, demand.pinned); number += 1) {
    // The n-th cell is taken when n - 1 are being made again.
    const chance = Math.max(chanceOf(number - 1), number <= demand.burst ? seldom : 0)
    const isNeeded = !isIdle && number <= perImage && chance >= seldom
    if (!isNeeded && number > demand.pinned) break
    const worth = (perSecond * chance * demand.savedMs) / Math.max(1, demand.heldBytes)
    needed.push({ demand, number, worth: number <= demand.pinned ? Number.POSITIVE_INFINITY : worth })
  }
  return needed
}

/** Chance that at least n come where `mean` are expected; ask for 0, 1, 2 … in order. */
function poissonTail(mean: number): (n: number) => number {
  let exactly = Math.exp(-mean)
  let tail = 1
  return (n) => {
    const chance = tail
    tail = Math.max(0, tail - exactly)
    exactly *= mean / (n + 1)
    return chance
  }
}

/** First the first cell of each image, where they are worth the same. */
function bestFirst(a: Cell, b: Cell): number {
  if (a.worth !== b.worth) return b.worth - a.worth
  return a.number - b.number || compareText(a.demand.key, b.demand.key)
}
