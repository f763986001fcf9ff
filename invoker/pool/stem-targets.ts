import type { StemTarget } from '../ports/images.ts'
import { isStemCell, type SlotView } from './slot-view.ts'
import type { StemOrder } from './stem-order.ts'

/** What to make for a target. */
export function orderFor({ image, kind, memoryMb, heldMb }: StemTarget): StemOrder {
  return { image, kind, memoryMb, heldMb: countable(heldMb) }
}

/** A size that can be added and taken away without ever losing a fraction: whole KiB, in MB. */
function countable(mb: number): number {
  return Math.ceil(mb * 1024) / 1024
}

/** Stem cells that are there for a target, or are being made for it. */
export function stemsOf<S extends SlotView>({ image }: Pick<StemTarget, 'image'>, slots: readonly S[]): readonly S[] {
  return slots.filter((slot) => slot.image === image && isStemCell(slot))
}

/** Stem cells of images that no target asks for, or not so many: those that are still being made first, then the oldest. */
export function surplusStems<S extends SlotView>(slots: readonly S[], targets: readonly StemTarget[]): readonly S[] {
  const left = new Map(targets.map(({ image, count }) => [image, count]))
  return slots
    .filter((slot) => slot.image !== undefined && isStemCell(slot))
    .sort((a, b) => Number(a.phase === 'starting') - Number(b.phase === 'starting') || b.lastUsedMs - a.lastUsedMs)
    .filter(({ image = '' }) => {
      const count = left.get(image) ?? 0
      left.set(image, count - 1)
      return count <= 0
    })
}

/** Whether images are being restored for activations: stem cells can be made when that is over. */
export function isRestoringForJobs(slots: readonly SlotView[]): boolean {
  return slots.some(({ phase, image, owner }) => phase === 'starting' && image !== undefined && owner !== undefined)
}
