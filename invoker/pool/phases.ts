/**
 * The phases of a slot and where each may go (protocol reference 5.6). Only slot.ts writes a phase.
 *
 * | phase | what is true | who may end it |
 * |---|---|---|
 * | starting | memory is reserved, the container is being made; jobs may wait | the factory's answer |
 * | stem | a stem cell: it waits for an action | a job, its time to live, its end |
 * | initialising | it belongs to one action, which is not initialised; one lease is out, others wait | that lease |
 * | busy | at least one lease is out | the last lease |
 * | draining | as busy, but condemned: no job joins | the last lease |
 * | settling | initialised, no lease; a last errand is run in it; a job may wait for it | the errand's end, eviction, its end |
 * | ready | initialised, no lease; the pause grace runs | a job, the sweep, eviction, its end |
 * | pausing | it is being frozen; a job may wait for it | the container's answer |
 * | paused | frozen; the keep-alive runs | a job, the sweep, eviction, its end |
 * | resuming | it is being thawed for the jobs that wait | the container's answer |
 * | removing | it is being destroyed; its memory is still counted | the container's answer |
 * | gone | nothing is left of it | nobody |
 */
export const after = {
  starting: ['stem', 'initialising', 'removing'],
  stem: ['initialising', 'removing'],
  initialising: ['busy', 'removing'],
  busy: ['ready', 'settling', 'draining', 'removing'],
  draining: ['removing'],
  settling: ['ready', 'busy', 'removing'],
  ready: ['busy', 'pausing', 'removing'],
  pausing: ['paused', 'removing'],
  paused: ['resuming', 'removing'],
  resuming: ['busy', 'removing'],
  removing: ['gone'],
  gone: [],
} as const satisfies Record<string, readonly string[]>

/** Where a slot stands. */
export type Phase = keyof typeof after

/** Phases in which a slot is idle and warm: it may be reused, and evicted. */
export function isIdleWarm(phase: Phase): boolean {
  return phase === 'ready' || phase === 'settling' || phase === 'paused' || phase === 'pausing'
}

/** @throws Error that names both ends and the choices, when a slot may not go from one phase to the other. */
export function checkMove(from: Phase, to: Phase): void {
  const choices: readonly Phase[] = after[from]
  if (!choices.includes(to)) {
    const allowed = choices.length === 0 ? 'none' : choices.join(', ')
    throw new Error(`Cannot move a slot from "${from}" to "${to}": allowed next phases are ${allowed}`)
  }
}
