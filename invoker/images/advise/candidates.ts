import type { TimedImport } from '../../domain/dependency-image.ts'
import type { BuildInventory } from '../../ports/inventory.ts'
import type { Contents } from '../choose/coverage.ts'
import { lineage } from '../want/module-name.ts'
import type { Want } from '../want/want.ts'
import { withRequirements } from './requirements.ts'

/** Images that could be built for the actions of one kind, in one namespace where images are not shared. */
export interface Group {
  readonly kind: string
  readonly runtimeBuild: string
  readonly namespace: string
}

/** An image that could be built. */
export interface Candidate extends Group, Contents {
  readonly imports: readonly TimedImport[]
  /** The names of all distributions that would be in it: what tells images apart. */
  readonly key: string
  readonly isPinned: boolean
}

/** What one image could be built for. */
export interface Purpose {
  readonly want: Want
  readonly isPinned: boolean
}

/** Sets that are tried in pairs too: one image may serve both at a lower cost. */
const paired = 10

/**
 * Every set of distributions that somebody wants is a candidate, and so is none, and so are pairs of the first. A candidate
 * imports all that any code which it covers wants of its distributions. `wanted` is in order of importance.
 */
export function candidates(
  wanted: readonly Purpose[],
  given: {
    readonly group: Group
    readonly inventory: BuildInventory
    /** What is loaded in a live image of these imports, where there is one. */
    loadedOf(imports: readonly TimedImport[]): ReadonlySet<string> | undefined
  },
): readonly Candidate[] {
  const { group, inventory } = given
  const sets = new Map<string, { readonly names: readonly string[]; readonly isPinned: boolean }>()
  const add = (of: Iterable<string>, isPinned: boolean) => {
    const names = withRequirements(of, inventory)
    const key = names.join(' ')
    sets.set(key, { names, isPinned: isPinned || (sets.get(key)?.isPinned ?? false) })
  }
  add([], false)
  for (const { want, isPinned } of wanted) add(want.distributions.keys(), isPinned)
  const first = [...sets.values()].filter(({ names }) => names.length > 0).slice(0, paired)
  for (const [index, one] of first.entries()) {
    for (const other of first.slice(index + 1)) add([...one.names, ...other.names], false)
  }
  return [...sets].map(([key, { names, isPinned }]) => {
    const imports = importsOf(new Set(names), wanted)
    const loaded = given.loadedOf(imports) ?? expectedToLoad(imports, { names, inventory })
    return { ...group, key, isPinned, imports, loaded, distributions: timesOf(names, imports) }
  })
}

function importsOf(names: ReadonlySet<string>, wanted: readonly Purpose[]): readonly TimedImport[] {
  const imports = new Map<string, TimedImport>()
  for (const { want } of wanted) {
    if (![...want.distributions.keys()].every((name) => names.has(name))) continue
    for (const one of want.imports) {
      const before = imports.get(one.module)
      if (before === undefined || before.ms < one.ms) imports.set(one.module, one)
    }
  }
  return [...imports.values()]
}

function timesOf(names: readonly string[], imports: readonly TimedImport[]): ReadonlyMap<string, number> {
  const times = new Map(names.map((name) => [name, 0]))
  for (const { distribution, ms } of imports) times.set(distribution, (times.get(distribution) ?? 0) + ms)
  return times
}

/** What is imported, the packages that it is in, and what the required distributions are called. */
function expectedToLoad(
  imports: readonly TimedImport[],
  { names, inventory }: { readonly names: readonly string[]; readonly inventory: BuildInventory },
): ReadonlySet<string> {
  const along = new Set(names)
  const modules = [...inventory.modules].filter(([, name]) => along.has(name)).map(([module]) => module)
  return new Set([...imports.flatMap(({ module }) => lineage(module)), ...modules])
}
