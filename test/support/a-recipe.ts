import type { ImageRecipe, TimedImport } from '../../invoker/domain/dependency-image.ts'
import { recipeFor } from '../../invoker/images/build/identity.ts'
import { FakeInventory } from './fake-image-engine.ts'

/** A module, and what its import takes where that matters, in ms. */
export type SomeImport = string | readonly [module: string, ms: number]

/** Imports of packages that a {@link FakeInventory} has, such as `torch` or `sklearn.svm`. */
export function someImports(...modules: readonly SomeImport[]): readonly TimedImport[] {
  const distributions: Readonly<Record<string, string>> = { sklearn: 'scikit-learn', PIL: 'pillow' }
  return modules.map((one) => {
    const [module, ms] = typeof one === 'string' ? [one, 100] : one
    const top = module.split('.')[0] ?? ''
    return { module, distribution: distributions[top] ?? top, ms }
  })
}

/** How to build an image of these modules for `python:3`. */
export async function aRecipe(...modules: readonly SomeImport[]): Promise<ImageRecipe> {
  const inventory = await new FakeInventory().of('python:3')
  const machine = { architecture: 'x64', cpu: 'cpu-1' }
  return recipeFor({ inventory, machine, engine: 'fork', imports: someImports(...modules) })
}
