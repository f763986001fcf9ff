import type { Images } from '../ports/images.ts'
import { makeRoom } from './eviction.ts'
import { cpuShares } from './naming.ts'
import type { SlotView } from './slot-view.ts'
import type { Asking, Offer, StartWay } from './start-ways.ts'

/** Takes a stem cell that holds the image, and gives it the limits of the action (design, section 3). */
export function warmStemCell({ userMemoryMb }: { readonly userMemoryMb: number }): StartWay {
  return {
    name: 'warm-stem-cell',
    offer: takeHolding,
    ready: async (container, { memoryMb }) =>
      container.resize?.({ memoryMb, cpuShares: cpuShares(memoryMb, userMemoryMb) }),
  }
}

/** Restores the image into a container of its own. */
export function restored(images: Pick<Images, 'restore'>): StartWay {
  return {
    name: 'restored',
    offer: ({ demand, stock, image }) => {
      if (stock.freeMb < demand.memoryMb) return undefined
      const key = image()
      if (key === undefined) return undefined
      return { kind: 'create', image: key, create: (spec, signal) => images.restore(key, spec, signal) }
    },
  }
}

/**
 * A stem cell waits in less memory than the action needs. Where the rest is not free but idle containers can make room,
 * the job waits for that: it takes less than importing what the image holds.
 */
function takeHolding<S extends SlotView>({ demand, stock, image }: Asking<S>): Offer<S> | undefined {
  const key = stock.slots.some((slot) => slot.phase === 'stem' && slot.image !== undefined) ? image() : undefined
  if (key === undefined) return undefined
  const slot = stock.slots.find((one) => one.phase === 'stem' && one.image === key && one.kind === demand.kind)
  if (slot === undefined) return undefined
  const neededMb = demand.memoryMb - slot.memoryMb
  if (neededMb <= stock.freeMb) return { kind: 'take', slot }
  const room = makeRoom({ neededMb, keep: slot }, stock)
  return room.kind === 'wait' && room.shortByMb > 0 ? undefined : room
}
