import type { Phase } from './phases.ts'

/** What decisions see of a slot. Times in ms since the epoch. */
export interface SlotView {
  readonly phase: Phase
  readonly kind: string
  /** What it holds of the pool's memory: its container's limit, or what a stem cell of an image was measured to take. */
  readonly memoryMb: number
  /** Key of the dependency image in it; undefined: its runtime starts afresh. */
  readonly image: string | undefined
  /** Whose it is; undefined for a stem cell. */
  readonly owner: { readonly namespace: string; readonly actionKey: string; readonly concurrency: number } | undefined
  /** Activations that run in it or wait for it. */
  readonly activeCount: number
  readonly lastUsedMs: number
  /** When a stem cell has lived long enough. */
  readonly expiresAtMs: number | undefined
}

/** All that a decision may look at. `freeMb` is what no slot holds; a slot holds its memory until it is gone. */
export interface Stock<S extends SlotView = SlotView> {
  readonly slots: readonly S[]
  readonly freeMb: number
}

/** Whether a slot is a stem cell, or is being made into one for nobody in particular. */
export function isStemCell({ owner, phase }: SlotView): boolean {
  return owner === undefined && (phase === 'stem' || phase === 'starting')
}
