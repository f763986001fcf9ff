import type { Manifest } from '../../domain/manifest.ts'
import { MiB } from '../../domain/size.ts'
import type { StemTarget } from '../../ports/images.ts'
import type { Resident } from '../shelf/resident.ts'
import type { Arrivals } from './arrivals.ts'
import { forecastStems, type StemBounds } from './forecast.ts'

/** What making a container takes besides restoring into it, roughly. */
const containerMs = 40
/** Memory limit of a stem cell whose kind names none: that of an action which names none. */
const usualMemoryMb = 256

/** Warm stem cells to have of these images, by their arrivals; none of an image that is left alone. */
export function stemTargets(
  residents: readonly Resident[],
  given: {
    readonly nowMs: number
    readonly pinned: ReadonlyMap<string, number>
    readonly bounds: StemBounds
    readonly runtimes: Manifest
  },
): readonly StemTarget[] {
  const { nowMs, pinned, bounds, runtimes } = given
  const candidates = residents.flatMap((resident) => candidatesOf(resident, runtimes))
  const demands = candidates.map(({ key, resident, arrivals }, index) => {
    const makeMs = resident.restoreMs + containerMs
    // Of an image in several sizes, the operator's count is for the first.
    const isFirst = candidates[index - 1]?.resident !== resident
    return {
      key,
      recentPerSecond: arrivals.recentPerSecond(nowMs),
      usualPerSecond: arrivals.usualPerSecond(nowMs),
      burst: arrivals.burst(nowMs, makeMs),
      makeMs,
      heldBytes: resident.copyBytes,
      pinned: isFirst ? (pinned.get(resident.key) ?? 0) : 0,
      savedMs: makeMs,
    }
  })
  const counts = forecastStems(demands, bounds)
  return candidates.flatMap(({ key, resident, memoryMb }) => {
    const count = counts.get(key) ?? 0
    const heldMb = Math.max(1, Math.ceil(resident.copyBytes / MiB))
    const { kind } = resident.image.recipe.identity
    return count === 0 ? [] : [{ image: key, kind, count, heldMb, memoryMb: Math.max(memoryMb, heldMb) }]
  })
}

/** A stem cell that there could be: of an image whose copies fit one size only, one for each size that was asked for. */
interface Candidate {
  readonly key: string
  readonly resident: Resident
  readonly arrivals: Arrivals
  readonly memoryMb: number
}

function candidatesOf(resident: Resident, runtimes: Manifest): readonly Candidate[] {
  const usual = runtimes.kinds.get(resident.image.recipe.identity.kind)?.stemCells[0]?.memoryMb ?? usualMemoryMb
  return resident.starts().flatMap(([size, arrivals]) => {
    const memoryMb = size === 0 ? usual : size
    const key = resident.keyFor(memoryMb)
    return key === undefined ? [] : [{ key, resident, arrivals, memoryMb }]
  })
}
