import type { TimedImport } from '../domain/dependency-image.ts'
import type { ChoiceBounds } from './choice.ts'
import type { Want } from './want.ts'

/** Code that is expected to start cold. */
export interface Load {
  readonly want: Want
  /** Invocation namespace, where images are not shared; else the same for all, such as ''. */
  readonly namespace: string
  /** Cold starts that are expected in a day. */
  readonly startsPerDay: number
}

/** An image that an operator's manifest names. */
export interface Pin {
  readonly want: Want
  readonly namespace: string
}

/** What an image would be, and what it would save. */
export interface Advice {
  readonly kind: string
  readonly runtimeBuild: string
  readonly namespace: string
  /** What to import, in order; empty: the base image. */
  readonly imports: readonly TimedImport[]
  readonly isPinned: boolean
  /** Seconds that starts wait less in a day, with those images that are chosen before it. */
  readonly savedSecondsPerDay: number
  readonly bytes: number
  /** Whether it is to be live; else why not. */
  readonly verdict: 'build' | 'over-budget' | 'covered-by-another' | 'saves-too-little'
}

/** What advising is bounded by. */
export interface AdviceBounds extends ChoiceBounds {
  readonly budgetBytes: number
  /** What an image of these imports takes: as measured, else expected. */
  bytesOf(imports: readonly TimedImport[], kind: string): number
  /** What restoring one takes in ms, as measured, else expected. */
  restoreMsOf(imports: readonly TimedImport[], kind: string): number
  /** Kinds that have an image engine. */
  serves(kind: string): boolean
  /** Identities that cannot be: found unsuitable before. */
  isUnsuitable(imports: readonly TimedImport[], kind: string): boolean
}

/** Which images to have for a load, best first, pinned ones before all others; and those that were considered and left. */
export function advise(
  _loads: readonly Load[],
  _given: { readonly pins: readonly Pin[]; readonly bounds: AdviceBounds },
): readonly Advice[] {
  return []
}
