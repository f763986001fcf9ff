import type { Demand } from './demand.ts'
import { isIdleWarm, type Phase } from './phases.ts'
import type { SlotView, Stock } from './slot-view.ts'
import type { Offer, StartWay } from './start-ways.ts'

/** What to do for a job now. */
export type Placement<S extends SlotView = SlotView> =
  /** Join a container of the same action, perhaps one that is still starting or paused. */
  | { readonly kind: 'reuse'; readonly slot: S }
  /** Start one, by the way at `index` of the list. */
  | { readonly kind: 'start'; readonly way: StartWay; readonly index: number; readonly offer: Offer<S> }
  /** Destroy these and ask again when they are gone. */
  | { readonly kind: 'evict'; readonly slots: readonly S[] }
  /** Nothing can be done until something ends. `shortByMb` counts what is being removed as there. */
  | { readonly kind: 'wait'; readonly shortByMb: number }

/** Lower is better; phases that are not here take no job. */
const rank: Partial<Record<Phase, number>> = {
  busy: 0,
  ready: 1,
  resuming: 2,
  pausing: 3,
  paused: 4,
  initialising: 5,
  starting: 6,
}

/**
 * Decides for one job (protocol reference 5.3): a warm container, else the first way that offers, else room is made by evicting
 * idle containers, else it waits.
 */
export function place<S extends SlotView>(
  demand: Demand,
  stock: Stock<S>,
  ways: { readonly list: readonly StartWay[]; readonly from: number },
): Placement<S> {
  const warm = warmMatch(demand, stock.slots)
  if (warm) return { kind: 'reuse', slot: warm }
  for (let index = ways.from; index < ways.list.length; index += 1) {
    const way = ways.list[index]
    const offer = way?.offer(demand, stock)
    if (way && offer) return { kind: 'start', way, index, offer }
  }
  return makeRoom(demand.memoryMb, stock)
}

/** The best container of the same invocation namespace and equal action that has capacity (5.2); the last used of equals. */
export function warmMatch<S extends SlotView>(demand: Demand, slots: readonly S[]): S | undefined {
  let best: S | undefined
  let bestRank = Infinity
  for (const slot of slots) {
    const slotRank = rank[slot.phase]
    if (slotRank === undefined || slotRank > bestRank || !belongsTo(slot, demand)) continue
    if (slotRank < bestRank || slot.lastUsedMs > (best?.lastUsedMs ?? 0)) {
      best = slot
      bestRank = slotRank
    }
  }
  return best
}

function belongsTo({ owner, activeCount }: SlotView, demand: Demand): boolean {
  return (
    owner !== undefined &&
    activeCount < owner.concurrency &&
    owner.actionKey === demand.actionKey &&
    owner.namespace === demand.namespace
  )
}

/**
 * Room for `neededMb`: idle warm containers, the longest unused first, and only if they suffice. Stem cells go only where
 * nothing else is left that could ever make room: the job would wait for ever.
 */
export function makeRoom<S extends SlotView>(neededMb: number, { slots, freeMb }: Stock<S>): Placement<S> {
  const coming = sum(slots.filter(({ phase }) => phase === 'removing'))
  const shortByMb = neededMb - freeMb - coming
  if (shortByMb <= 0) return { kind: 'wait', shortByMb: 0 }
  const idle = slots.filter(({ phase, activeCount }) => isIdleWarm(phase) && activeCount === 0)
  const isStuck = slots.every((slot) => slot.phase === 'stem' || slot.phase === 'removing' || idle.includes(slot))
  const candidates = isStuck
    ? [...oldestFirst(idle), ...slots.filter(({ phase }) => phase === 'stem')]
    : oldestFirst(idle)
  if (sum(candidates) < shortByMb) return { kind: 'wait', shortByMb }
  return { kind: 'evict', slots: firstThatSuffice(candidates, shortByMb) }
}

function oldestFirst<S extends SlotView>(slots: readonly S[]): S[] {
  return slots.toSorted((a, b) => a.lastUsedMs - b.lastUsedMs)
}

function firstThatSuffice<S extends SlotView>(slots: readonly S[], neededMb: number): S[] {
  const taken: S[] = []
  let found = 0
  for (const slot of slots) {
    if (found >= neededMb) break
    taken.push(slot)
    found += slot.memoryMb
  }
  return taken
}

function sum(slots: readonly SlotView[]): number {
  return slots.reduce((total, { memoryMb }) => total + memoryMb, 0)
}
