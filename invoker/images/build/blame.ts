import type { TimedImport } from '../../domain/dependency-image.ts'
import type { Fault } from '../../faults/fault.ts'

/** A module that cannot be in an image, with all that is below it, as its distribution is on disk now. */
export interface Blamed {
  readonly module: string
  readonly distribution: string
  /** Digest of the distribution's files: with others, it may be well. */
  readonly record: string
}

/** The import that a fault's text names, the first one; undefined: none. */
export function namedImport(imports: readonly TimedImport[], { message }: Fault): TimedImport | undefined {
  const words = message.split(/[^\w.@/-]+/).map((word) => word.replace(/[.:]+$/, ''))
  for (const word of words) {
    const found = imports.find(({ module }) => module === word)
    if (found !== undefined) return found
  }
  return undefined
}

/** The distributions of imports, those first that take longest. */
export function slowestFirst(imports: readonly TimedImport[]): readonly string[] {
  const ms = new Map<string, number>()
  for (const one of imports) ms.set(one.distribution, (ms.get(one.distribution) ?? 0) + one.ms)
  return [...ms].sort(([, a], [, b]) => b - a).map(([name]) => name)
}
