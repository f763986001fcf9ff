import type { Config } from '../../../invoker/config/read-config.ts'
import type { Machine } from './machine.ts'

/** What was found out about one thing. */
export interface Finding {
  readonly isThere: boolean
  /** What is there, or why it is not: a version, a path, an error. */
  readonly found: string
}

/** What a probe may ask. */
export interface Patient {
  readonly machine: Machine
  readonly config: Config
  /** The checkout. */
  readonly root: string
  /** Where `prepare` unpacks what the system lacks. */
  readonly toolsDirectory: string
}

/** One thing that a machine should have. */
export interface Thing {
  readonly what: string
  /** Whether actions cannot run, or not safely, without it. */
  readonly isNeeded: boolean
  /** What is lost where it is missing. */
  readonly without: string
  /** What to do about it: a line for the shell, or a sentence. */
  readonly remedy: string
  probe(patient: Patient): Promise<Finding>
}

/** The thing with what was found. */
export interface Diagnosis extends Finding {
  readonly what: string
  readonly isNeeded: boolean
  readonly without: string
  readonly remedy: string
}

/** A version such as `1.1.5` in a text, as numbers. */
export function versionIn(text: string): readonly number[] | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text)
  return match?.slice(1).map((part) => Number(part ?? 0))
}

/** Whether a text names at least this version. */
export function isAtLeast(text: string, wanted: readonly number[]): boolean {
  const version = versionIn(text)
  if (!version) return false
  for (const [index, least] of wanted.entries()) {
    const part = version[index] ?? 0
    if (part !== least) return part > least
  }
  return true
}
