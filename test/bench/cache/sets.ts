import type { BenchFunction } from '../cold/functions.ts'
import { instrument } from '../cold/instrument.ts'

/** A set of dependencies. */
export interface DependencySet {
  readonly name: string
  /** What its functions import. */
  readonly modules: readonly string[]
  /** A word in the path of a library that a process has mapped once it has imported the set, and not before. */
  readonly library: string
}

/** What functions of the trace import: sets of dependencies, each shared by a third of them. */
export const dependencySets: readonly [DependencySet, ...DependencySet[]] = [
  {
    name: 'torch + scikit-learn + pandas',
    modules: ['pandas', 'sklearn.linear_model', 'torch'],
    library: 'libtorch_cpu',
  },
  { name: 'pandas', modules: ['pandas'], library: 'pandas/_libs' },
  { name: 'numpy', modules: ['numpy'], library: '_multiarray_umath' },
]

/** A function that imports the set and answers at once. */
export function importing({ name, modules }: DependencySet): BenchFunction {
  const source = [...modules.map((one) => `import ${one}`), '', '', 'def main(args):', '    return {}', ''].join('\n')
  return {
    name,
    weight: 'heavy',
    kind: 'python:3',
    input: '{}',
    fresh: async (unique) => ({ code: instrument(source, { kind: 'python:3', unique }), binary: false }),
  }
}

/** images.json with the image of a set, and containers that wait with it. */
export function imagesManifest({ modules }: DependencySet, stemCells: number): string {
  return JSON.stringify({ images: [{ kind: 'python:3', modules, stemCells, pinned: true }] })
}
