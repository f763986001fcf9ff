import { setTimeout as sleep } from 'node:timers/promises'
import { containersOf, type Occupied, pssOf, type Resident, sumOf } from '../lib/resident.ts'
import type { Server } from '../lib/server.ts'

/** What a server holds while nothing runs. */
export interface Stock {
  readonly templates: readonly Occupied[]
  readonly stems: readonly Occupied[]
}

/** Waits until a server holds `stems` waiting containers, and so many templates; gives what it has when the time is over. */
export async function stockOf(
  server: Server,
  wanted: { readonly templates: number; readonly stems: number; readonly withinMs: number },
): Promise<Stock> {
  const deadline = performance.now() + wanted.withinMs
  let stock = read(server)
  while (!isThere(stock, wanted) && performance.now() < deadline) {
    await sleep(200)
    stock = read(server)
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

function read({ controlGroup }: Server): Stock {
  const all = containersOf(controlGroup)
  return { templates: all.filter(({ isTemplate }) => isTemplate), stems: all.filter(({ isTemplate }) => !isTemplate) }
}

function isThere(stock: Stock, wanted: { readonly templates: number; readonly stems: number }): boolean {
  return stock.templates.length >= wanted.templates && stock.stems.length === wanted.stems
}
