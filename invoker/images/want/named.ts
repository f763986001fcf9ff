import type { TimedImport } from '../../domain/dependency-image.ts'
import type { BuildInventory } from '../../ports/inventory.ts'
import { distributionOf, type KnownMs, unmeasuredMs } from './want.ts'

/** What an operator named, found in a runtime build. */
export interface Named {
  readonly imports: readonly TimedImport[]
  /** Names of nothing that is there. */
  readonly unknown: readonly string[]
}

/**
 * Finds what `image build` and images.json name: a distribution (`scikit-learn`, in any spelling that PEP 503 takes for it; all its
 * top-level modules that are public) or a module (`sklearn.svm`).
 */
export function importsNamed(
  names: readonly string[],
  { inventory, knownMs }: { readonly inventory: BuildInventory; readonly knownMs: KnownMs },
): Named {
  const imports: TimedImport[] = []
  const unknown: string[] = []
  for (const name of names) {
    const modules = modulesNamed(name, inventory)
    if (modules.length === 0) unknown.push(name)
    for (const module of modules) {
      const distribution = distributionOf(module, inventory) ?? name
      imports.push({ module, distribution, ms: knownMs(module) ?? unmeasuredMs })
    }
  }
  return { imports, unknown }
}

function modulesNamed(name: string, inventory: BuildInventory): readonly string[] {
  if (distributionOf(name, inventory) !== undefined) return [name]
  const canonical = inventory.distributions.has(name) ? name : name.toLowerCase().replaceAll(/[-_.]+/g, '-')
  const modules = [...inventory.modules]
    .filter(([, distribution]) => distribution === canonical)
    .map(([module]) => module)
  const open = modules.filter((module) => !module.startsWith('_'))
  return (open.length === 0 ? modules : open).sort()
}
