import type { ImageRecipe, ImageSizes, ImportProfile, TimedImport } from '../../domain/dependency-image.ts'
import type { ResidencyState } from '../../ports/image-admin.ts'
import type { Blamed } from '../build/blame.ts'

/** A runtime build of a kind. */
export interface BuildOf {
  readonly kind: string
  readonly runtimeBuild: string
}

/** One code, in one runtime build: what a profile is of. */
export interface CodeOf extends BuildOf {
  readonly codeDigest: string
}

/** What is known of an image wherever it was built. */
export interface ImageEntry {
  readonly type: 'image'
  readonly recipe: ImageRecipe
  /** Of the last build, as is `buildMs`. */
  readonly sizes?: ImageSizes
  readonly buildMs?: number
  readonly updatedMs: number
}

/** What an action's code imports. */
export interface ProfileEntry {
  readonly type: 'profile'
  readonly profile: ImportProfile
  readonly updatedMs: number
}

/** How an image is on one invoker, which alone writes this. */
export interface ResidencyEntry {
  readonly type: 'residency'
  readonly image: string
  /** Whose it is where images are not shared. */
  readonly namespace?: string
  readonly invoker: string
  readonly kind: string
  readonly runtimeBuild: string
  readonly state: ResidencyState
  readonly reason?: string
  readonly sinceMs: number
  readonly restores: number
  readonly lastUsedMs?: number
  /** Where a build failed: what is to blame, since it went well without. */
  readonly blamed: readonly Blamed[]
  readonly updatedMs: number
}

/** What the database of images holds. */
export type CatalogEntry = ImageEntry | ProfileEntry | ResidencyEntry

/** Modules of one entry at most: what is beyond is not kept. */
export const mostImports = 256

/** An entry that is in use is written again after so long, so that its time says when it was used last, to the day. */
export const seenEveryMs = 24 * 3_600_000

/** Id of an entry's document. */
export function entryId(entry: CatalogEntry): string {
  switch (entry.type) {
    case 'image':
      return imageEntryId(entry.recipe.id)
    case 'profile':
      return profileEntryId(entry.profile)
    case 'residency':
      return `residency/${liveKey(entry.image, entry.namespace)}/${entry.invoker}`
    default:
      return entry satisfies never
  }
}

/** Id of an image's document. */
export function imageEntryId(image: string): string {
  return `image/${image}`
}

/** Id of a profile's document: of one code, in one runtime build. */
export function profileEntryId(of: CodeOf): string {
  return `profile/${of.kind}/${of.runtimeBuild}/${of.codeDigest}`
}

/** Key of a live image: its id, and the namespace that it belongs to. */
export function liveKey(image: string, namespace?: string): string {
  return namespace === undefined || namespace === '' ? image : `${image}@${namespace}`
}

/** A key of an image whose copies fit one memory size only. */
export function sizedKey(key: string, memoryMb: number): string {
  return `${key}#${memoryMb}`
}

/** The key of a live image, whatever the size. */
export function withoutSize(key: string): string {
  return key.replace(/#\d+$/, '')
}

/**
 * What two writers know together, of entries with one id: imports of images and profiles are united, and what is known twice is
 * known as `newer` says. A residency has one writer, so that its newer one stands.
 */
export function merged(older: CatalogEntry | undefined, newer: CatalogEntry): CatalogEntry {
  if (older?.type === 'image' && newer.type === 'image') {
    const imports = united(older.recipe.imports, newer.recipe.imports)
    return { ...older, ...newer, recipe: { ...newer.recipe, imports } }
  }
  if (older?.type === 'profile' && newer.type === 'profile') {
    const imports = united(older.profile.imports, newer.profile.imports)
    return { ...newer, profile: { ...newer.profile, imports } }
  }
  return newer
}

/** Whether writing `newer` over `older` would say anything that it does not say: import times differ a little at every start. */
export function isNews(older: CatalogEntry | undefined, newer: CatalogEntry): boolean {
  if (older?.type !== 'profile' || newer.type !== 'profile') return true
  return hasMore(older.profile.imports, newer.profile.imports) || newer.updatedMs - older.updatedMs >= seenEveryMs
}

/** Whether `newer` names a module that `older` does not, whatever it took. */
export function hasMore(older: readonly TimedImport[], newer: readonly TimedImport[]): boolean {
  const known = new Map(older.map((one) => [one.module, one.distribution]))
  return newer.some((one) => known.get(one.module) !== one.distribution)
}

/** In the order of `older`, then of `newer`; of a module that is in both, what `newer` says. */
export function united(older: readonly TimedImport[], newer: readonly TimedImport[]): readonly TimedImport[] {
  const byModule = new Map(older.map((one) => [one.module, one]))
  for (const one of newer) byModule.set(one.module, one)
  return [...byModule.values()].slice(0, mostImports)
}
