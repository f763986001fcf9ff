import { MiB } from '../domain/size.ts'
import type { Meter } from '../ports/meter.ts'
import type { Demand } from './demand.ts'
import { isIdleWarm } from './phases.ts'
import { isStemCell, type SlotView } from './slot-view.ts'

/** What a pool holds, by what it does. Sizes in MB. */
export interface PoolFigures {
  readonly active: { readonly count: number; readonly memoryMb: number }
  readonly idles: { readonly count: number; readonly memoryMb: number }
  readonly prewarm: { readonly count: number; readonly memoryMb: number }
  /** Stem cells that hold an image, and those that are being made; `prewarm` has the others. */
  readonly warmStem: { readonly count: number; readonly memoryMb: number }
  readonly warmStemStarting: { readonly count: number; readonly memoryMb: number }
  readonly runBuffer: { readonly count: number; readonly memoryMb: number }
}

/** Counts slots and waiting jobs. */
export function figuresOf(slots: readonly SlotView[], buffer: readonly Demand[]): PoolFigures {
  const stems = slots.filter(isStemCell)
  return {
    active: total(slots.filter((slot) => slot.owner !== undefined && !isIdleWarm(slot.phase))),
    idles: total(slots.filter(({ phase }) => isIdleWarm(phase))),
    prewarm: total(stems.filter(({ image }) => image === undefined)),
    warmStem: total(stems.filter(({ image, phase }) => image !== undefined && phase === 'stem')),
    warmStemStarting: total(stems.filter(({ image, phase }) => image !== undefined && phase === 'starting')),
    runBuffer: total(buffer),
  }
}

function total(of: readonly { readonly memoryMb: number }[]): { readonly count: number; readonly memoryMb: number } {
  return { count: of.length, memoryMb: of.reduce((sum, { memoryMb }) => sum + memoryMb, 0) }
}

/** Sets the gauges, under OpenWhisk's names. */
export function setGauges(meter: Meter, figures: PoolFigures): void {
  for (const [name, { count, memoryMb }] of Object.entries(figures)) {
    meter.gauge(`gauge_containerPool_${name}Count_counter`, count)
    meter.gauge(`gauge_containerPool_${name}Size_counter_bytes`, memoryMb * MiB)
  }
}
