import type { TimedImport } from '../../domain/dependency-image.ts'
import { lineage } from '../want/module-name.ts'
import type { Want } from '../want/want.ts'

/** Part of a module's import time that its package takes: the rest is to be imported after the restore. */
const packagePart = 0.5

/** What is in an image, live or to be built. */
export interface Contents {
  /** Import time in ms by distribution, 0 for those that came with others. Empty: the base image. */
  readonly distributions: ReadonlyMap<string, number>
  /**
   * Full names of all modules that are loaded in it, the interpreter's own too. An image that has one which an action brings
   * along itself would hide the action's.
   */
  readonly loaded: ReadonlySet<string>
}

/** What an image does for code. */
export interface Coverage {
  /** Import time that the code need not wait for, in ms. */
  readonly coveredMs: number
  /** Part of the image, by its import time, that the code does not need: 0 to 1. */
  readonly wasteShare: number
  /** Whether the code brings along a module of its own that the image has loaded: then it must not be used. */
  readonly isWrong: boolean
}

/** How much of what code imports is in an image. */
export function coverage(want: Want, { distributions, loaded }: Contents): Coverage {
  const coveredMs = sum(want.imports.map((one) => covered(one, loaded)))
  const imageMs = sum([...distributions.values()])
  const usefulMs = Math.max(
    coveredMs,
    sum(usedOf(want, { distributions, loaded }).map((name) => distributions.get(name) ?? 0)),
  )
  const wasteShare = imageMs === 0 ? 0 : 1 - Math.min(1, usefulMs / imageMs)
  return { coveredMs, wasteShare, isWrong: hides(want, { distributions, loaded }) }
}

function covered({ module, ms }: TimedImport, loaded: ReadonlySet<string>): number {
  if (loaded.has(module)) return ms
  return isBegun(module, loaded) ? ms * packagePart : 0
}

/** Distributions of which the code uses something that is loaded. The image's own times say what they are worth: the code's may be guessed. */
function usedOf({ imports }: Want, { loaded }: Contents): readonly string[] {
  const used = imports.filter(({ module }) => isBegun(module, loaded))
  return [...new Set(used.map(({ distribution }) => distribution))]
}

/** Whether something of the module is loaded: itself, or a package that it is in. */
function isBegun(module: string, loaded: ReadonlySet<string>): boolean {
  return lineage(module).some((name) => loaded.has(name))
}

/** What the runtime has loaded itself, and so its base image, hides an action's modules in every start. */
function hides({ provides }: Want, { distributions, loaded }: Contents): boolean {
  if (distributions.size === 0) return false
  return provides === 'unknown' || [...provides].some((module) => loaded.has(module))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0)
}
