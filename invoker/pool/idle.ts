import type { SlotView } from './slot-view.ts'

/** How long idle containers stay as they are (protocol reference 4.3). */
export interface IdleTimes {
  readonly pauseGraceMs: number
  readonly idleContainerMs: number
}

/** What is due of idle containers, and when to look again; `nextMs` is undefined where nothing waits for time. */
export interface Due<S extends SlotView = SlotView> {
  readonly pause: readonly S[]
  readonly remove: readonly S[]
  readonly nextMs: number | undefined
}

/** A ready container is paused after the grace, a paused one is removed when it was unused for the idle time on top (5.6). */
export function dueOf<S extends SlotView>(slots: readonly S[], nowMs: number, times: IdleTimes): Due<S> {
  const pause: S[] = []
  const remove: S[] = []
  let nextMs: number | undefined
  for (const slot of slots) {
    const leftMs = leftOf(slot, nowMs, times)
    if (leftMs === undefined) continue
    if (leftMs > 0) nextMs = Math.min(nextMs ?? leftMs, leftMs)
    else (slot.phase === 'ready' ? pause : remove).push(slot)
  }
  return { pause, remove, nextMs }
}

function leftOf({ phase, activeCount, lastUsedMs }: SlotView, nowMs: number, times: IdleTimes): number | undefined {
  if (activeCount > 0) return undefined
  if (phase === 'ready') return lastUsedMs + times.pauseGraceMs - nowMs
  if (phase === 'paused') return lastUsedMs + times.pauseGraceMs + times.idleContainerMs - nowMs
  return undefined
}
