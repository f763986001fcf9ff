import type { TimedImport } from '../../domain/dependency-image.ts'
import type { AdviceVerdict } from '../../ports/image-admin.ts'
import type { BuildInventory } from '../../ports/inventory.ts'
import type { ChoiceBounds } from '../choose/choice.ts'
import { savedMs } from '../choose/choice.ts'
import type { Want } from '../want/want.ts'
import { type Candidate, candidates, type Group, type Purpose } from './candidates.ts'
import { type Load, mergeLoads } from './loads.ts'
import { pickImages, type Serving } from './pick-images.ts'

/** An image that an operator's manifest names. */
export interface Pin {
  readonly want: Want
  readonly namespace: string
}

/** What an image would be, and what it would save. */
export interface Advice {
  readonly kind: string
  readonly runtimeBuild: string
  readonly namespace: string
  /** What to import, in order; empty: the base image. */
  readonly imports: readonly TimedImport[]
  readonly isPinned: boolean
  /** Seconds that starts wait less in a day, with those images that are chosen before it, or with all where it is not. */
  readonly savedSecondsPerDay: number
  readonly bytes: number
  readonly verdict: AdviceVerdict
}

/** What advising is bounded by. */
export interface AdviceBounds extends ChoiceBounds {
  readonly budgetBytes: number
  /** What an image of these imports takes: as measured, else expected. */
  bytesOf(imports: readonly TimedImport[], kind: string): number
  /** What restoring one takes in ms, as measured, else expected. */
  restoreMsOf(imports: readonly TimedImport[], kind: string): number
  /** What the runtime build of a kind holds now; undefined: it is not known. */
  inventoryOf(kind: string): BuildInventory | undefined
  /** What is loaded in a live image of these imports; undefined: there is none. */
  loadedOf(imports: readonly TimedImport[], kind: string): ReadonlySet<string> | undefined
  /** Kinds that have an image engine. */
  serves(kind: string): boolean
  /** Identities that cannot be: found unsuitable before. */
  isUnsuitable(imports: readonly TimedImport[], kind: string): boolean
}

/** Loads that are looked at, the largest; the others ride on images of these. */
const mostLoads = 120

/**
 * Which images to have for a load, best first, pinned ones before all others; and those that were considered and left. Only what
 * the kinds' present runtime builds hold is considered. The order of what is given makes no difference.
 */
export function advise(
  loads: readonly Load[],
  { pins, bounds }: { readonly pins: readonly Pin[]; readonly bounds: AdviceBounds },
): readonly Advice[] {
  const heaviest = mergeLoads(loads).slice(0, mostLoads)
  const wishes = [
    ...pins.map((pin) => ({ ...pin, isPinned: true })),
    ...heaviest.map((load) => ({ ...load, isPinned: false })),
  ]
  const found = groupsOf(wishes).flatMap(({ group, wanted }) => {
    const inventory = bounds.serves(group.kind) ? bounds.inventoryOf(group.kind) : undefined
    if (inventory?.runtimeBuild !== group.runtimeBuild) return []
    const loadedOf = (imports: readonly TimedImport[]) => bounds.loadedOf(imports, group.kind)
    return candidates(wanted, { group, inventory, loadedOf })
  })
  const servings = found
    .filter(({ imports, kind }) => !bounds.isUnsuitable(imports, kind))
    .map((candidate) => serving(candidate, { loads: heaviest, bounds }))
  return pickImages(servings, bounds.budgetBytes).map(
    ({ serving: { candidate, bytes }, verdict, savedSecondsPerDay }) => {
      const { kind, runtimeBuild, namespace, imports, isPinned } = candidate
      return { kind, runtimeBuild, namespace, imports, isPinned, savedSecondsPerDay, bytes, verdict }
    },
  )
}

/** What a candidate would do for each load. */
function serving(
  candidate: Candidate,
  { loads, bounds }: { readonly loads: readonly Load[]; readonly bounds: AdviceBounds },
): Serving {
  const { imports, kind } = candidate
  const bytes = bounds.bytesOf(imports, kind)
  const image = { ...candidate, residentBytes: bytes, restoreMs: bounds.restoreMsOf(imports, kind) }
  const seconds = loads.map(({ want, namespace, startsPerDay }) =>
    namespace === candidate.namespace ? (savedMs(want, { image, bounds }) * startsPerDay) / 1000 : 0,
  )
  return { candidate, bytes, seconds }
}

function groupsOf(
  wishes: readonly { readonly want: Want; readonly namespace: string; readonly isPinned: boolean }[],
): readonly { readonly group: Group; readonly wanted: readonly Purpose[] }[] {
  const groups = new Map<string, { readonly group: Group; readonly wanted: Purpose[] }>()
  for (const { want, namespace, isPinned } of wishes) {
    const group = { kind: want.kind, runtimeBuild: want.runtimeBuild, namespace }
    const key = JSON.stringify(group)
    const known = groups.get(key) ?? { group, wanted: [] }
    known.wanted.push({ want, isPinned })
    groups.set(key, known)
  }
  return [...groups.values()]
}
