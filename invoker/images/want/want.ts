import type { ImportProfile, TimedImport } from '../../domain/dependency-image.ts'
import type { BuildInventory } from '../../ports/inventory.ts'
import { lineage } from './module-name.ts'

/**
 * Top-level modules that code brings along, which go before those of its runtime build: what an image has loaded already would hide
 * them. `unknown`: any.
 */
export type Provides = ReadonlySet<string> | 'unknown'

/** What code imports from a runtime build. */
export interface Want {
  readonly kind: string
  readonly runtimeBuild: string
  /** In order, each module once. */
  readonly imports: readonly TimedImport[]
  /** Import time in ms by distribution. Empty: the runtime is all that it needs. */
  readonly distributions: ReadonlyMap<string, number>
  readonly provides: Provides
}

/** What importing a module took when it was last seen, in ms; undefined: never seen. */
export type KnownMs = (module: string) => number | undefined

/** Import time of a module that nobody has measured: most packages that are worth an image take more. */
export const unmeasuredMs = 50

const nothing: ReadonlySet<string> = new Set()

/** What code with a profile wants. */
export function wantOf(profile: ImportProfile, provides: Provides = nothing): Want {
  return asWant(profile, { imports: profile.imports, provides })
}

/**
 * What code wants whose source imports these modules: those of the runtime build. What is in no distribution is the interpreter's
 * own, or the user's. Where a package is imported too, a name in it that was never seen as a module is a member of it: the text
 * `from numpy import array` does not tell.
 */
export function wantOfModules(
  modules: readonly string[],
  known: { readonly inventory: BuildInventory; readonly knownMs: KnownMs; readonly provides?: Provides },
): Want {
  const { inventory, knownMs, provides = nothing } = known
  const all = new Set(modules)
  const imports: TimedImport[] = []
  for (const module of all) {
    const distribution = distributionOf(module, inventory)
    const ms = knownMs(module)
    const parent = module.slice(0, Math.max(0, module.lastIndexOf('.')))
    if (distribution === undefined || (ms === undefined && all.has(parent))) continue
    imports.push({ module, distribution, ms: ms ?? knownOfPackage(module, knownMs) ?? unmeasuredMs })
  }
  return asWant(inventory, { imports, provides })
}

/** Importing a module imports the packages that it is in, whose time is known, perhaps. */
function knownOfPackage(module: string, knownMs: KnownMs): number | undefined {
  const known = lineage(module).map(knownMs)
  return known.find((ms) => ms !== undefined)
}

/** Which distribution a module belongs to: of `sklearn.svm` that of `sklearn`, of `@scope/package/part` that of `@scope/package`. */
export function distributionOf(module: string, { modules }: BuildInventory): string | undefined {
  const [first = '', second = ''] = module.split('/')
  const npm = module.startsWith('@') ? `${first}/${second}` : first
  return modules.get(npm) ?? modules.get(module.split('.')[0] ?? '')
}

function asWant(
  { kind, runtimeBuild }: { readonly kind: string; readonly runtimeBuild: string },
  { imports, provides }: { readonly imports: readonly TimedImport[]; readonly provides: Provides },
): Want {
  const once = new Map<string, TimedImport>()
  for (const one of imports) if (!once.has(one.module)) once.set(one.module, one)
  const distributions = new Map<string, number>()
  for (const { distribution, ms } of once.values()) {
    distributions.set(distribution, (distributions.get(distribution) ?? 0) + ms)
  }
  return { kind, runtimeBuild, imports: [...once.values()], distributions, provides }
}
