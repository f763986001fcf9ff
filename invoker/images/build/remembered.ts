import type { ImageEntry, ResidencyEntry } from '../store/entries.ts'
import type { Wanted } from './planner.ts'

/** Images of a last run that are built again at most: the others come when they are called for. */
const most = 16

/**
 * What was live when this invoker ended last, the most useful first. An image whose packages have changed since is built of those
 * that are there now.
 */
export function remembered(
  residencies: readonly ResidencyEntry[],
  images: readonly (ImageEntry | undefined)[],
): readonly Wanted[] {
  return residencies
    .filter(({ state }) => state === 'live')
    .toSorted((a, b) => b.restores - a.restores || (b.lastUsedMs ?? 0) - (a.lastUsedMs ?? 0))
    .slice(0, most)
    .flatMap(({ image, namespace = '' }) => {
      const recipe = images.find((one) => one?.recipe.id === image)?.recipe
      if (recipe === undefined) return []
      return { kind: recipe.identity.kind, namespace, imports: recipe.imports, isPinned: false, savedSecondsPerDay: 0 }
    })
}
