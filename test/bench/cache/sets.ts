import type { BenchFunction } from '../cold/functions.ts'
import { instrument } from '../cold/instrument.ts'

/** What functions of the trace import: sets of dependencies, each shared by a third of them. */
export const dependencySets: readonly [DependencySet, ...DependencySet[]] = [
  { name: 'torch + scikit-learn + pandas', modules: ['pandas', 'sklearn.linear_model', 'torch'] },
  { name: 'pandas', modules: ['pandas'] },
  { name: 'numpy', modules: ['numpy'] },
]

/** A set of dependencies, by the modules that its functions import. */
export interface DependencySet {
  readonly name: string
  readonly modules: readonly string[]
}

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
