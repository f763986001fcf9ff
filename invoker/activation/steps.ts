import type { ActivationId } from '../domain/ids.ts'

/** The steps of an activation, in order; not every activation takes every one. */
export const steps = [
  /** The message was read. */
  'received',
  /** The action is there and may run. */
  'admitted',
  /** A container is there. */
  'leased',
  /** The journal knows that user code may start. */
  'started',
  'initialised',
  'ran',
  'result-sent',
  'logs-collected',
  /** The journal knows the outcome. */
  'finished',
  /** The ack that frees the slot was sent. */
  'acked',
  'stored',
  /** Nothing is owed any more. */
  'done',
] as const

/** One of {@link steps}. */
export type Step = (typeof steps)[number]

/** Told of every step right after it was taken. */
export type OnStep = (step: Step, activationId: ActivationId) => void
