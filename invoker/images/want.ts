import type { ImportProfile, TimedImport } from '../domain/dependency-image.ts'
import type { BuildInventory } from '../ports/inventory.ts'

/** What code imports from a runtime build. */
export interface Want {
  readonly kind: string
  readonly runtimeBuild: string
  /** In order, each module once. */
  readonly imports: readonly TimedImport[]
  /** Import time in ms by distribution. Empty: the runtime is all that it needs. */
  readonly distributions: ReadonlyMap<string, number>
}

/** What importing a module took when it was last seen, in ms; undefined: never seen. */
export type KnownMs = (module: string) => number | undefined

/** Import time of a module that nobody has measured: most packages that are worth an image take more. */
export const unmeasuredMs = 50

/** What code with a profile wants. Times that are known better than by this one observation come from `knownMs`. */
export function wantOf(profile: ImportProfile): Want {
  return asWant(profile, profile.imports)
}

/**
 * What code wants whose source imports these modules: those of the runtime build. A module of a package is one of the package's
 * distribution; what is in no distribution is the interpreter's own, or the user's.
 */
export function wantOfModules(
  modules: readonly string[],
  { inventory, knownMs }: { readonly inventory: BuildInventory; readonly knownMs: KnownMs },
): Want {
  const imports: TimedImport[] = []
  for (const module of modules) {
    const distribution = distributionOf(module, inventory)
    if (distribution !== undefined) imports.push({ module, distribution, ms: knownMs(module) ?? unmeasuredMs })
  }
  return asWant(inventory, imports)
}

/** Which distribution a module belongs to: of `sklearn.svm` that of `sklearn`, of `@scope/package/part` that of `@scope/package`. */
export function distributionOf(module: string, { modules }: BuildInventory): string | undefined {
  const [first = '', second = ''] = module.split('/')
  const npm = module.startsWith('@') ? `${first}/${second}` : first
  return modules.get(npm) ?? modules.get(module.split('.')[0] ?? '')
}

function asWant(of: { readonly kind: string; readonly runtimeBuild: string }, imports: readonly TimedImport[]): Want {
  const once = new Map<string, TimedImport>()
  for (const one of imports) if (!once.has(one.module)) once.set(one.module, one)
  const distributions = new Map<string, number>()
  for (const { distribution, ms } of once.values()) {
    distributions.set(distribution, (distributions.get(distribution) ?? 0) + ms)
  }
  return { kind: of.kind, runtimeBuild: of.runtimeBuild, imports: [...once.values()], distributions }
}
