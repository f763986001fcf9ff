import type { SlotView } from './slot-view.ts'

/** A stem cell to make. */
export interface StemOrder {
  readonly kind: string
  /** Memory limit of its container. */
  readonly memoryMb: number
  /** What it holds of the pool's memory while it waits. */
  readonly heldMb: number
  /** Key of the image to restore; undefined: a fresh runtime. */
  readonly image?: string
  /** How long it lives; undefined: until it is taken or not wanted any more. */
  readonly ttlMs?: number
}

/** What became of an order. */
export type StemEnd =
  | { readonly kind: 'there' }
  /** It is not wanted any more. */
  | { readonly kind: 'removed' }
  | { readonly kind: 'failed'; readonly error: unknown }

/** Has a stem cell made; false: not now, because of memory, of jobs that wait, or of too many that are being made. */
export type PlaceOrder = (order: StemOrder, onEnd: (end: StemEnd) => void) => boolean

/** What stem cells need of the pool. */
export interface StemHost<S extends SlotView> {
  readonly slots: readonly S[]
  /** Memory that no slot holds. */
  readonly freeMb: number
  /** Whether jobs wait for memory: no stem cell may take it from them. */
  readonly hasWaiting: boolean
  /** Starts a stem cell; false when it does not fit. */
  startStem: PlaceOrder
  /** Changes what a stem cell holds; false when that is not free. */
  hold(slot: S, memoryMb: number): boolean
  remove(slot: S, why: string): void
}
