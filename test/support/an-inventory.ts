import type { TimedImport } from '../../invoker/domain/dependency-image.ts'
import { type Want, wantOf } from '../../invoker/images/want/want.ts'
import type { BuildInventory } from '../../invoker/ports/inventory.ts'

/** A runtime build with these distributions: each with its modules, and what it requires. */
export function anInventory(
  distributions: Readonly<
    Record<string, { readonly modules?: readonly string[]; readonly requires?: readonly string[] }>
  >,
  more: Partial<BuildInventory> = {},
): BuildInventory {
  const entries = Object.entries(distributions)
  return {
    kind: 'python:3',
    runtimeBuild: 'build',
    distributions: new Map(entries.map(([name]) => [name, { name, version: '1.0', record: `${name} record` }])),
    modules: new Map(
      entries.flatMap(([name, { modules = [name] }]) => modules.map((module) => [module, name] as const)),
    ),
    requires: new Map(entries.map(([name, { requires = [] }]) => [name, requires])),
    howToAdd: 'add it to the build',
    ...more,
  }
}

/** What code wants that imports this: pairs of a module and its import time; the distribution is called as the top-level module. */
export function aWant(imports: Readonly<Record<string, number>>, more: Partial<Want> = {}): Want {
  const timed: TimedImport[] = Object.entries(imports).map(([module, ms]) => {
    return { module, distribution: module.split('.')[0] ?? '', ms }
  })
  return { ...wantOf({ codeDigest: '', kind: 'python:3', runtimeBuild: 'build', imports: timed }, new Set()), ...more }
}
