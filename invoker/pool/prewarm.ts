import type { Manifest, StemCell } from '../domain/manifest.ts'
import { isStemCell, type SlotView } from './slot-view.ts'
import type { StemOrder } from './stem-order.ts'

/** Stem cells that one entry of the manifest asks for. */
export interface StemWish {
  readonly kind: string
  readonly memoryMb: number
  readonly cell: StemCell
}

/** Name of a kind and a size, to count cold starts by. */
export function stemKey(of: { readonly kind: string; readonly memoryMb: number }): string {
  return `${of.kind} ${of.memoryMb}`
}

/** All that a manifest asks for, in its order. */
export function stemWishes(manifest: Manifest): readonly StemWish[] {
  return [...manifest.kinds.values()].flatMap(({ kind, stemCells }) =>
    stemCells.map((cell) => ({ kind, memoryMb: cell.memoryMb, cell })),
  )
}

/** What to make for a wish: a stem cell that holds all that it may take. */
export function orderOf({ kind, memoryMb, cell }: StemWish): StemOrder {
  return { kind, memoryMb, heldMb: memoryMb, ...(cell.reactive && { ttlMs: cell.reactive.ttlMs }) }
}

/** How many to have after a cycle in which `coldStarts` activations found none. */
export function desiredCount({ initialCount, reactive }: StemCell, coldStarts: number): number {
  if (!reactive) return initialCount
  if (coldStarts === 0) return reactive.minCount
  const wanted = Math.floor(coldStarts / reactive.threshold) * reactive.increment
  return Math.min(Math.max(reactive.minCount, wanted), reactive.maxCount)
}

/** How many of a wish are there: waiting, or being made for nobody in particular. */
export function presentCount({ kind, memoryMb }: StemWish, slots: readonly SlotView[]): number {
  return slots.filter(
    (slot) => isStemCell(slot) && slot.image === undefined && slot.kind === kind && slot.memoryMb === memoryMb,
  ).length
}

/** Stem cells that have lived long enough, the oldest first, at most `limit`. */
export function expiredStems<S extends SlotView>(slots: readonly S[], nowMs: number, limit: number): readonly S[] {
  return slots
    .filter(({ phase, expiresAtMs }) => phase === 'stem' && expiresAtMs !== undefined && expiresAtMs <= nowMs)
    .toSorted((a, b) => (a.expiresAtMs ?? 0) - (b.expiresAtMs ?? 0))
    .slice(0, limit)
}
