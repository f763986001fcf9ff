import { MiB } from '../domain/size.ts'
import type { ImageDemand } from '../ports/images.ts'
import { LoadBook } from './advise/load-book.ts'
import { Board } from './board.ts'
import { Attempts } from './build/attempts.ts'
import { Builder } from './build/builder.ts'
import { Engines } from './build/engines.ts'
import { Planner } from './build/planner.ts'
import { Recipes } from './build/recipes.ts'
import { RuntimeBuilds } from './build/runtime-builds.ts'
import { Stock } from './build/stock.ts'
import { Workshop } from './build/workshop.ts'
import { Chooser } from './choose/chooser.ts'
import { ImagesMeter } from './images-meter.ts'
import { Learner } from './learn/learner.ts'
import type { Resident } from './shelf/resident.ts'
import { Restorer } from './shelf/restorer.ts'
import { type Departure, Shelf } from './shelf/shelf.ts'
import { stemTargets } from './stems/stem-planner.ts'
import { Stems } from './stems/stems.ts'
import { Catalog } from './store/catalog.ts'
import type { CatalogEntry, ProfileEntry } from './store/entries.ts'
import { Knowledge } from './store/knowledge.ts'
import { Records } from './store/records.ts'
import { Residencies } from './store/residencies.ts'
import { Retention } from './store/retention.ts'
import type { WarmSwapOptions } from './warm-swap-options.ts'

/** Bounds of a choice that nobody sets: see ChoiceBounds. */
const wasteBytes = 512 * MiB
const startMs = 150

/** What happens in the parts that concerns others of them. */
export interface WarmSwapEvents {
  /** Something was read from the database. */
  heard(entry: CatalogEntry): void
  /** An action's imports were recorded. */
  learned(entry: ProfileEntry): void
  /** Live images came, went, or were measured. */
  shelfChanged(): void
  departed(resident: Resident, departure: Departure, why: string): void
  /** A kind's runtime build is known, or another one. */
  buildChanged(): void
  /** An image's packages are not as they were. */
  stale(resident: Resident): void
  /** A runtime has packages that its build, as it was read, has not. */
  otherBuild(kind: string): void
}

/** The parts of a WarmSwap, joined. */
export type WarmSwapParts = ReturnType<typeof joinWarmSwap>

/** Joins the parts. Nothing is begun yet. */
export function joinWarmSwap(options: WarmSwapOptions, events: WarmSwapEvents) {
  const meter = new ImagesMeter(options.meter)
  const known = joinKnown(options, events)
  const live = joinLive(options, { ...known, meter, events })
  const making = joinMaking(options, { ...known, ...live, meter })
  const { settings, runtimes, clock } = options
  const stems = new Stems({
    clock,
    count: () => {
      const bounds = { perImage: settings.stemsPerImage, budgetBytes: settings.stemBudgetMb * MiB }
      const residents = live.shelf.all().filter((resident) => !live.restorer.isLeftAlone(resident))
      return stemTargets(residents, { nowMs: clock.now(), pinned: making.planner.pinnedStems(), bounds, runtimes })
    },
  })
  const refresh = (kind: string) => known.builds.refresh(kind)
  const shown = { runtimes, clock, refresh, sharing: settings.sharing, stems: () => stems.targets }
  const board = new Board({ ...known, ...live, ...making, ...shown })
  return { meter, ...known, ...live, ...making, stems, board }
}

/** What is known. */
function joinKnown(
  { runtimes, inventory, database, clock, log, invoker, engines: all, settings }: WarmSwapOptions,
  events: WarmSwapEvents,
) {
  const knowledge = new Knowledge(runtimes)
  const engines = new Engines({ engines: all, log })
  const catalog = new Catalog({ database, log })
  const builds = () => knowledge.builds()
  const records = new Records({ catalog, clock, log, builds, onEntry: (entry) => events.heard(entry) })
  return {
    ...{ knowledge, engines, catalog, records, retention: new Retention({ records, clock }) },
    residencies: new Residencies({ invoker, clock, save: (entry) => records.save(entry) }),
    loads: new LoadBook({ isShared: settings.sharing === 'all' }),
    recipes: new Recipes({ knowledge, engines, machine: inventory.machine }),
    builds: new RuntimeBuilds({
      ...{ inventory, engines, knowledge, log, kinds: [...runtimes.kinds.keys()] },
      onChange: () => events.buildChanged(),
    }),
  }
}

type Known = ReturnType<typeof joinKnown> & { readonly meter: ImagesMeter }

/** What is live, and what is learned of its starts. */
function joinLive(
  { settings, inventory, makeBreaker, clock, log }: WarmSwapOptions,
  { knowledge, residencies, meter, events }: Known & { readonly events: WarmSwapEvents },
) {
  const shelf = new Shelf({
    ...{ clock, log, budgetBytes: settings.budgetMb * MiB },
    onChange: () => events.shelfChanged(),
    onDeparture: (resident, departure, why) => events.departed(resident, departure, why),
  })
  const restorer = new Restorer({
    ...{ inventory, makeBreaker, clock, log, meter, timeoutMs: settings.restoreTimeoutMs },
    onRestored: ({ key }) => residencies.used(key),
    onStale: (resident) => events.stale(resident),
    onBroken: ({ key }, why) => shelf.drop(key, 'broken', why),
  })
  const chooser = new Chooser({
    ...{ knowledge, shelf, bounds: { wasteShare: settings.wasteShare, wasteBytes, startMs } },
    scopeOf: ({ namespace }: ImageDemand) => (settings.sharing === 'all' ? '' : namespace),
    isLeftAlone: (resident) => restorer.isLeftAlone(resident),
  })
  const learner = new Learner({
    ...{ knowledge, clock, log, meter },
    holds: (image, imports) => shelf.holds(image, imports),
    onLearned: (entry) => events.learned(entry),
    onOtherBuild: (kind) => events.otherBuild(kind),
  })
  return { shelf, restorer, chooser, learner }
}

/** What makes images. */
function joinMaking(
  { settings, runtimes, pins, clock, log }: WarmSwapOptions,
  parts: Known & ReturnType<typeof joinLive>,
) {
  const { wasteShare, isLearning, buildTimeoutMs, buildMemoryMb } = settings
  const { records, builds } = parts
  const planner = new Planner({
    ...{ ...parts, pins, runtimes, isLearning, log, isShared: settings.sharing === 'all' },
    bounds: { wasteShare, wasteBytes, startMs },
  })
  const builder = new Builder({ timeoutMs: buildTimeoutMs, memoryMb: buildMemoryMb })
  const workshop = new Workshop({
    ...{ ...parts, planner, builder, clock, log },
    save: (entry) => records.save(entry),
    refresh: (kind) => builds.refresh(kind),
  })
  const stock = new Stock({ ...parts, planner, workshop, attempts: new Attempts(), clock, log })
  return { planner, builder, stock }
}
