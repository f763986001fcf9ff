import type { Demand } from './demand.ts'
import { makeRoom, type Room } from './eviction.ts'
import type { Job } from './job.ts'
import type { Phase } from './phases.ts'
import type { SlotView, Stock } from './slot-view.ts'
import type { Offer, StartWay } from './start-ways.ts'

/** To start a container, by the way at `index` of the list. */
export interface Start<S extends SlotView = SlotView> {
  readonly kind: 'start'
  readonly way: StartWay
  readonly index: number
  readonly offer: Exclude<Offer<S>, Room<S>>
}

/** What to do for a job now. */
export type Placement<S extends SlotView = SlotView> =
  /** Join a container of the same action, perhaps one that is still starting or paused. */
  { readonly kind: 'reuse'; readonly slot: S } | Start<S> | Room<S>

/** The ways to start, best first, and how to find the image that serves a demand best. */
export interface WaysToStart {
  readonly list: readonly StartWay[]
  readonly choose?: (demand: Demand) => string | undefined
}

/** Lower is better; phases that are not here take no job. */
const rank: Partial<Record<Phase, number>> = {
  busy: 0,
  ready: 1,
  settling: 2,
  resuming: 3,
  pausing: 4,
  paused: 5,
  initialising: 6,
  starting: 7,
}

/**
 * Decides for one job (protocol reference 5.3): a warm container, else the first way that offers, else room is made by evicting
 * idle containers, else it waits. The image is chosen once, and only if a way asks for it.
 */
export function place<S extends SlotView>(
  { demand, firstWay }: Pick<Job, 'demand' | 'firstWay'>,
  stock: Stock<S>,
  ways: WaysToStart,
): Placement<S> {
  const warm = warmMatch(demand, stock.slots)
  if (warm) return { kind: 'reuse', slot: warm }
  let chosen: { readonly image: string | undefined } | undefined
  const image = () => {
    // An image of the user's own holds nothing of ours.
    chosen ??= { image: demand.action.exec.image === undefined ? ways.choose?.(demand) : undefined }
    return chosen.image
  }
  for (let index = firstWay; index < ways.list.length; index += 1) {
    const way = ways.list[index]
    const offer = way?.offer({ demand, stock, image })
    if (!way || !offer) continue
    return offer.kind === 'take' || offer.kind === 'create' ? { kind: 'start', way, index, offer } : offer
  }
  return makeRoom({ neededMb: demand.memoryMb }, stock)
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
