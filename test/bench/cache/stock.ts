import { setTimeout as sleep } from 'node:timers/promises'
import { containersOf, type Occupied, pssOf, type Resident, sumOf } from '../lib/resident.ts'
import type { Server } from '../lib/server.ts'

/** What a server holds while nothing runs. */
export interface Stock {
  readonly templates: readonly Occupied[]
  readonly stems: readonly Occupied[]
}

/** A stock of one image, which is known by a library that its processes have mapped. */
export interface StockWish {
  readonly library: string
  readonly stems: number
  readonly withinMs: number
}

/** Waits until a server holds the image and its waiting containers; gives what it has of them then, or when the time is over. */
export async function stockOf(server: Server, wanted: StockWish): Promise<Stock> {
  const deadline = performance.now() + wanted.withinMs
  let stock = read(server, wanted.library)
  while (!isThere(stock, wanted) && performance.now() < deadline) {
    await sleep(200)
    stock = read(server, wanted.library)
  }
  return stock
}

/** Memory of the parts. A page that a template shares with its copies is divided among them. */
export interface StockSizes {
  readonly template: Resident
  /** All waiting containers together. */
  readonly stems: Resident
  readonly stemCount: number
  /** Everything. */
  readonly bytes: number
}

/** The sizes of a stock. */
export function sizesOf({ templates, stems }: Stock): StockSizes {
  const [template, all] = [sumOf(templates), sumOf(stems)]
  return { template, stems: all, stemCount: stems.length, bytes: pssOf(template) + pssOf(all) }
}

function read({ controlGroup }: Server, library: string): Stock {
  const all = containersOf({ controlGroup, library })
  return { templates: all.filter(({ isTemplate }) => isTemplate), stems: all.filter(({ isTemplate }) => !isTemplate) }
}

function isThere({ templates, stems }: Stock, wanted: StockWish): boolean {
  return templates.length > 0 && stems.length === wanted.stems
}
