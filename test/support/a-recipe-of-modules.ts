import { createHash } from 'node:crypto'
import { type ImageRecipe, imageFormat } from '../../invoker/domain/dependency-image.ts'

/** How to build an image of modules, each a distribution of its own; equal modules, equal id. */
export function aRecipeOfModules(modules: readonly string[], more: Partial<ImageRecipe['identity']> = {}): ImageRecipe {
  const identity: ImageRecipe['identity'] = {
    kind: 'python:3',
    runtimeBuild: 'build',
    distributions: [...modules].sort().map((name) => ({ name, version: '1.0', record: `${name} record` })),
    architecture: process.arch,
    cpu: 'cpu',
    engine: 'fork',
    format: imageFormat,
    ...more,
  }
  return {
    id: createHash('sha256').update(JSON.stringify(identity)).digest('hex'),
    identity,
    imports: modules.map((module) => ({ module, distribution: module, ms: 1 })),
  }
}
