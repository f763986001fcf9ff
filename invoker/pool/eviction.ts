import { isIdleWarm } from './phases.ts'
import { isStemCell, type SlotView, type Stock } from './slot-view.ts'

/** How a job comes by memory. */
export type Room<S extends SlotView = SlotView> =
  /** Destroy these and ask again when they are gone. */
  | { readonly kind: 'evict'; readonly slots: readonly S[] }
  /** Nothing can be done until something ends. `shortByMb` counts what is being removed as there. */
  | { readonly kind: 'wait'; readonly shortByMb: number }

/** Memory that a job wants. */
export interface RoomWanted<S extends SlotView = SlotView> {
  readonly neededMb: number
  /** The stem cell that it is for: it stays. So do those of the manifest, since the job has other ways to start. */
  readonly keep?: S
}

/**
 * Room for a job, if what may go suffices: idle warm containers, the longest unused first, and stem cells of images; as few of
 * all as possible, and of equally few rather the stem cells. The manifest's stem cells go only where nothing else is left
 * that could ever make room: the job would wait for ever (protocol reference 5.3).
 */
export function makeRoom<S extends SlotView>({ neededMb, keep }: RoomWanted<S>, { slots, freeMb }: Stock<S>): Room<S> {
  const coming = sum(slots.filter(({ phase }) => phase === 'removing'))
  const shortByMb = neededMb - freeMb - coming
  if (shortByMb <= 0) return { kind: 'wait', shortByMb: 0 }
  const idle = slots
    .filter(({ phase, activeCount }) => isIdleWarm(phase) && activeCount === 0)
    .sort((a, b) => a.lastUsedMs - b.lastUsedMs)
  const spare = slots
    .filter((slot) => slot.image !== undefined && isStemCell(slot) && slot !== keep)
    .sort((a, b) => b.memoryMb - a.memoryMb)
  const fewest = fewestOf(idle, { spare, shortByMb })
  if (fewest) return { kind: 'evict', slots: fewest }
  const last = slots.filter(({ phase, image }) => phase === 'stem' && image === undefined)
  const going = slots.filter(({ phase }) => phase === 'removing').length
  const isStuck = idle.length + spare.length + last.length + going === slots.length
  const all = [...idle, ...spare, ...last]
  if (!isStuck || sum(all) < shortByMb) return { kind: 'wait', shortByMb }
  return { kind: 'evict', slots: firstThatSuffice(all, shortByMb) }
}

/** The fewest that suffice: some of `idle` from the front, and of `spare` from the front. Undefined when all do not suffice. */
function fewestOf<S extends SlotView>(
  idle: readonly S[],
  { spare, shortByMb }: { readonly spare: readonly S[]; readonly shortByMb: number },
): readonly S[] | undefined {
  let best: readonly S[] | undefined
  let restMb = shortByMb
  for (let count = 0; count <= idle.length && count < (best?.length ?? Infinity); count += 1) {
    restMb -= idle[count - 1]?.memoryMb ?? 0
    const stems = firstThatSuffice(spare, restMb)
    const isEnough = sum(stems) >= restMb
    if (isEnough && count + stems.length < (best?.length ?? Infinity)) best = [...idle.slice(0, count), ...stems]
  }
  return best
}

function firstThatSuffice<S extends SlotView>(slots: readonly S[], neededMb: number): readonly S[] {
  let foundMb = 0
  const end = slots.findIndex(({ memoryMb }) => {
    const isEnough = foundMb >= neededMb
    foundMb += memoryMb
    return isEnough
  })
  return end === -1 ? slots : slots.slice(0, end)
}

function sum(slots: readonly SlotView[]): number {
  return slots.reduce((total, { memoryMb }) => total + memoryMb, 0)
}
