import type { TimedImport } from '../../domain/dependency-image.ts'
import { Fault } from '../../faults/fault.ts'
import type { BuildInventory } from '../../ports/inventory.ts'
import type { Knowledge } from '../store/knowledge.ts'
import { importsNamed } from '../want/named.ts'

/** Packages and modules, as an operator names them. */
export interface Requested {
  readonly packages: readonly string[]
  readonly modules: readonly string[]
}

/**
 * What to import for a request: its modules, and of each package that none of them is in, the modules that are known to be used,
 * or those that it has at the top.
 * @throws Fault IMAGE_UNKNOWN for every name that is nowhere in the runtime build; it says where to add it
 */
export function requestedImports(
  { packages, modules }: Requested,
  { inventory, knowledge }: { readonly inventory: BuildInventory; readonly knowledge: Knowledge },
): readonly TimedImport[] {
  const { kind } = inventory
  const look = { inventory, knownMs: (module: string) => knowledge.knownMs(kind, module) }
  const exact = importsNamed(modules, look)
  const named = packages.map((name) => importsNamed([name], look))
  const unknown = [...exact.unknown, ...named.flatMap((one) => one.unknown)]
  if (unknown.length > 0) {
    const names = unknown.map((name) => `"${name}"`).join(', ')
    throw new Fault('IMAGE_UNKNOWN', `${names} is not in the runtime build of "${kind}": ${inventory.howToAdd}`)
  }
  const served = new Set(exact.imports.map(({ distribution }) => distribution))
  const rest = named.flatMap(({ imports }) => {
    const [first] = imports
    if (first === undefined || served.has(first.distribution)) return []
    const used = knowledge.modulesOf(kind, first.distribution)
    return used.length === 0 ? imports : importsNamed(used, look).imports
  })
  return [...exact.imports, ...rest]
}
