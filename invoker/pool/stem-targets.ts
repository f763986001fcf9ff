import type { StemTarget } from '../ports/images.ts'
import { isIdleWarm } from './phases.ts'
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

/**
 * An idle container whose memory is worth more as stem cells, which any function may take: the longest unused of those that are
 * frozen, where it is at most a quarter of what is kept warm. One at a time.
 */
export function idleForStems<S extends SlotView>(slots: readonly S[]): S | undefined {
  if (slots.some(({ phase }) => phase === 'removing')) return undefined
  const idle = slots.filter(({ phase }) => isIdleWarm(phase))
  const keptMb = idle.reduce((sum, { memoryMb }) => sum + memoryMb, 0)
  return idle
    .filter(({ phase, memoryMb }) => phase === 'paused' && memoryMb * 4 <= keptMb)
    .reduce<S | undefined>((oldest, one) => (oldest && oldest.lastUsedMs <= one.lastUsedMs ? oldest : one), undefined)
}
