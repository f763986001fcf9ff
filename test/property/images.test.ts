import { expect } from 'chai'
import fc from 'fast-check'
import { imageFormat } from '../../invoker/domain/dependency-image.ts'
import { type Advice, type AdviceBounds, advise, type Load } from '../../invoker/images/advise.ts'
import { chooseImage, type LiveView, savedMs } from '../../invoker/images/choice.ts'
import { chooseEvictions, type ShelfView } from '../../invoker/images/eviction.ts'
import { forecastStems, type StemDemand } from '../../invoker/images/forecast.ts'
import { imageId } from '../../invoker/images/identity.ts'
import { anInventory, aWant } from '../support/an-inventory.ts'

const MB = 1024 * 1024
const { array, boolean, constantFrom, dictionary, double, integer, property, record, shuffledSubarray, subarray } = fc
const names = ['numpy', 'pandas', 'torch', 'scipy', 'six']
const requires: Readonly<Record<string, readonly string[]>> = { pandas: ['numpy'], scipy: ['numpy'], torch: ['numpy'] }
const inventory = anInventory(Object.fromEntries(names.map((name) => [name, { requires: requires[name] ?? [] }])))

const imports = dictionary(constantFrom(...names, 'torch.nn', 'scipy.stats'), integer({ min: 0, max: 2000 }), {
  maxKeys: 4,
})
const namespace = constantFrom('', 'a')
const load = record({ imports, namespace, startsPerDay: double({ min: 0, max: 1000, noNaN: true }) }).map(
  (one): Load => ({ ...one, want: aWant(one.imports) }),
)
const loads = array(load, { maxLength: 8 })
/** Loads whose modules take the same time in each, so that one image serves some as well as another. */
const times: Readonly<Record<string, number>> = { numpy: 100, pandas: 400, torch: 1200, scipy: 300, six: 5 }
const alikeLoads = array(
  record({ modules: subarray(names), startsPerDay: integer({ min: 1, max: 1000 }) }).map(
    ({ modules, startsPerDay }): Load => {
      return {
        want: aWant(Object.fromEntries(modules.map((name) => [name, times[name] ?? 0]))),
        namespace: '',
        startsPerDay,
      }
    },
  ),
  { maxLength: 8 },
)
const pins = array(record({ imports, namespace }), { maxLength: 2 }).map((all) =>
  all.map((one) => ({ namespace: one.namespace, want: aWant(one.imports) })),
)
const budgetMb = integer({ min: 0, max: 1000 })

function bounds(budget: number): AdviceBounds {
  return {
    ...{ wasteShare: 0.8, wasteBytes: 400 * MB, startMs: 50, budgetBytes: budget * MB },
    bytesOf: (of) => 10 * MB + of.reduce((sum, { ms }) => sum + ms, 0) * 0.1 * MB,
    restoreMsOf: () => 10,
    inventoryOf: () => inventory,
    loadedOf: () => undefined,
    serves: () => true,
    isUnsuitable: () => false,
  }
}

/** What is advised, but for the order of imports, which is that of the pins. */
function inShort({ imports: of, verdict, namespace: owner }: Advice): string {
  return `${verdict} ${owner} ${of.map(({ module }) => module).sort()}`
}

const built = (advice: readonly Advice[]) => advice.filter(({ verdict }) => verdict === 'build')
const bytesOf = (advice: readonly Advice[]) => built(advice).reduce((sum, { bytes }) => sum + bytes, 0)
const savedOf = (advice: readonly Advice[]) => built(advice).reduce((sum, one) => sum + one.savedSecondsPerDay, 0)

describe('advise(), whatever the load', () => {
  it('never goes over the budget', () => {
    fc.assert(
      property(loads, pins, budgetMb, (all, pinned, budget) => {
        expect(bytesOf(advise(all, { pins: pinned, bounds: bounds(budget) }))).to.be.at.most(budget * MB)
      }),
    )
  })

  it('says the same in whatever order it is asked', () => {
    const shuffled = loads.chain((all) => fc.tuple(fc.constant(all), shuffledSubarray(all, { minLength: all.length })))
    fc.assert(
      property(shuffled, pins, budgetMb, ([all, other], pinned, budget) => {
        const given = { pins: pinned, bounds: bounds(budget) }
        const [first, second] = [advise(all, given), advise(other, { ...given, pins: pinned.toReversed() })]
        expect(second.map(inShort)).to.deep.equal(first.map(inShort))
        expect(savedOf(second)).to.be.closeTo(savedOf(first), 1e-6)
      }),
    )
  })

  it('builds what is pinned before all else, and every pinned image that fits', () => {
    fc.assert(
      property(loads, pins, (all, pinned) => {
        const advice = built(advise(all, { pins: pinned, bounds: bounds(100_000) }))
        const first = advice.findIndex(({ isPinned }) => !isPinned)
        expect(advice.slice(first < 0 ? advice.length : first).some(({ isPinned }) => isPinned)).to.equal(false)
        for (const { want, namespace: owner } of pinned) {
          const is = advice.some(
            (one) =>
              one.isPinned &&
              one.namespace === owner &&
              want.imports.every((wanted) => one.imports.some(({ module }) => module === wanted.module)),
          )
          expect(is).to.equal(true)
        }
      }),
    )
  })

  it('builds no image twice, and none that saves nothing unless it is pinned', () => {
    fc.assert(
      property(loads, pins, budgetMb, (all, pinned, budget) => {
        const advice = built(advise(all, { pins: pinned, bounds: bounds(budget) }))
        const keys = advice.map((one) => `${one.namespace} ${one.imports.map(({ module }) => module).sort()}`)
        expect(new Set(keys).size).to.equal(keys.length)
        for (const one of advice) if (!one.isPinned) expect(one.savedSecondsPerDay).to.be.above(0)
      }),
    )
  })

  it('builds no part of another image that serves as well within three per cent', () => {
    fc.assert(
      property(alikeLoads, budgetMb, (all, budget) => {
        const given = bounds(budget)
        const advice = built(advise(all, { pins: [], bounds: given }))
        const views = advice.map((one) => view(one, given))
        for (const part of views) {
          const isPart = views.some((whole) => whole !== part && isPartOf(part, whole))
          if (!isPart) continue
          const others = views.filter((other) => other !== part)
          const served = all.filter((one) => savedBy([part], one, given) > savedBy(others, one, given))
          const with_ = sum(served.map((one) => savedBy([part], one, given)))
          const without = sum(served.map((one) => savedBy(others, one, given)))
          expect(without).to.be.below(with_ * 0.97 + 1e-6)
        }
      }),
    )
  })

  it('saves as much with unlimited memory as with any budget, but for the tolerance', () => {
    fc.assert(
      property(loads, budgetMb, (all, budget) => {
        const limited = savedOf(advise(all, { pins: [], bounds: bounds(budget) }))
        const unlimited = savedOf(advise(all, { pins: [], bounds: bounds(1_000_000) }))
        expect(unlimited).to.be.at.least(limited * 0.9 - names.length * 0.1)
      }),
    )
  })
})

/** A picked image as choosing would see it. */
function view(one: Advice, { bytesOf: sizeOf }: AdviceBounds): LiveView & { readonly namespace: string } {
  const all = new Set<string>()
  const wanted = one.imports.map(({ distribution }) => distribution)
  for (const name of wanted) for (const along of [name, ...(requires[name] ?? [])]) all.add(along)
  const { distributions } = aWant(Object.fromEntries(one.imports.map(({ module, ms }) => [module, ms])))
  return {
    ...{ key: [...all].sort().join(), kind: one.kind, runtimeBuild: one.runtimeBuild, namespace: one.namespace },
    distributions: new Map([...[...all].map((name) => [name, 0] as const), ...distributions]),
    loaded: new Set([...all, ...one.imports.map(({ module }) => module)]),
    ...{ residentBytes: sizeOf(one.imports, one.kind), restoreMs: 10 },
  }
}

type Picked = ReturnType<typeof view>

function isPartOf(part: Picked, whole: Picked): boolean {
  return (
    part.namespace === whole.namespace && [...part.distributions.keys()].every((name) => whole.distributions.has(name))
  )
}

function savedBy(images: readonly Picked[], of: Load, given: AdviceBounds): number {
  const own = images.filter((image) => image.namespace === of.namespace)
  return Math.max(0, ...own.map((image) => savedMs(of.want, { image, bounds: given }))) * of.startsPerDay
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0)
}

const image = record({
  key: fc.string({ minLength: 1, maxLength: 4 }),
  kind: constantFrom('python:3', 'nodejs:20'),
  runtimeBuild: constantFrom('build', 'other'),
  imports,
  residentBytes: integer({ min: 1, max: 500 * MB }),
  restoreMs: integer({ min: 1, max: 300 }),
}).map(({ imports: of, ...rest }): LiveView => {
  return { ...rest, distributions: aWant(of).distributions, loaded: new Set(Object.keys(of)) }
})
const choiceBounds = { wasteShare: 0.8, wasteBytes: 256 * MB, startMs: 50 }
const provides = subarray([...names, 'helper']).map((all) => new Set(all))

describe('chooseImage(), whatever is live', () => {
  it('takes one of the kind and build that is faster than none, wastes no more than allowed and hides nothing', () => {
    fc.assert(
      property(array(image), imports, provides, (images, of, brought) => {
        const want = { ...aWant(of), provides: brought }
        const key = chooseImage(want, { images, bounds: choiceBounds })
        if (key === undefined) {
          for (const one of images) expect(savedMs(want, { image: one, bounds: choiceBounds })).to.equal(0)
          return
        }
        const taken = images.filter((one) => one.key === key && savedMs(want, { image: one, bounds: choiceBounds }) > 0)
        expect(taken).to.not.deep.equal([])
        for (const one of taken) {
          expect(one).to.include({ kind: want.kind, runtimeBuild: want.runtimeBuild })
          if (one.distributions.size > 0) expect([...brought].some((module) => one.loaded.has(module))).to.equal(false)
        }
      }),
    )
  })

  it('takes none that saves less than the best by more than a little', () => {
    fc.assert(
      property(fc.uniqueArray(image, { selector: ({ key }) => key }), imports, (images, of) => {
        const want = aWant(of)
        const saved = (one: LiveView) => savedMs(want, { image: one, bounds: choiceBounds })
        const taken = images.find(({ key }) => key === chooseImage(want, { images, bounds: choiceBounds }))
        const best = Math.max(0, ...images.map(saved))
        if (taken !== undefined) expect(saved(taken)).to.be.at.least(best - Math.max(2, best * 0.02))
      }),
    )
  })

  it('takes the same in whatever order they come', () => {
    fc.assert(
      property(fc.uniqueArray(image, { selector: ({ key }) => key }), imports, (images, of) => {
        const choose = (all: readonly LiveView[]) => chooseImage(aWant(of), { images: all, bounds: choiceBounds })
        expect(choose(images.toReversed())).to.equal(choose(images))
      }),
    )
  })
})

const shelved = record({
  key: fc.uuid(),
  residentBytes: integer({ min: 0, max: 100 }),
  isPinned: boolean(),
  restoring: integer({ min: 0, max: 2 }),
  savedSecondsPerDay: integer({ min: 0, max: 100 }),
  lastUsedMs: integer({ min: 0, max: 1_000_000_000 }),
  builtMs: integer({ min: 0, max: 1_000_000_000 }),
})

describe('chooseEvictions(), whatever is live', () => {
  const size = (images: readonly ShelfView[]) => sum(images.map(({ residentBytes }) => residentBytes))

  it('spares restores and pins, reaches the budget if that can be, and drops none that could stay', () => {
    fc.assert(
      property(array(shelved), integer({ min: 0, max: 500 }), boolean(), (images, budgetBytes, isPressed) => {
        const gone = new Set(chooseEvictions(images, { nowMs: 1_000_000_000, budgetBytes, isPressed }))
        const dropped = images.filter(({ key }) => gone.has(key))
        const left = images.filter(({ key }) => !gone.has(key))
        expect(dropped).to.have.length(gone.size)
        expect(dropped.some(({ restoring, isPinned }) => restoring > 0 || (isPinned && !isPressed))).to.equal(false)
        const couldGo = left.some(
          ({ restoring, isPinned, residentBytes }) => restoring === 0 && residentBytes > 0 && (isPressed || !isPinned),
        )
        if (size(left) > budgetBytes) expect(couldGo).to.equal(false)
        else for (const one of dropped) expect(size(left) + one.residentBytes).to.be.above(budgetBytes)
      }),
    )
  })
})

const demand = record({
  key: fc.uuid(),
  recentPerSecond: double({ min: 0, max: 100, noNaN: true }),
  usualPerSecond: double({ min: 0, max: 100, noNaN: true }),
  burst: integer({ min: 0, max: 200 }),
  makeMs: integer({ min: 1, max: 2000 }),
  heldBytes: integer({ min: 1, max: 50 * MB }),
  pinned: integer({ min: 0, max: 20 }),
  savedMs: integer({ min: 0, max: 5000 }),
})

describe('forecastStems(), whatever comes', () => {
  it('stays within the budget and the most of each image, and keeps pinned ones as far as that goes', () => {
    fc.assert(
      property(array(demand, { maxLength: 6 }), budgetMb, integer({ min: 0, max: 30 }), (demands, budget, perImage) => {
        const counts = forecastStems(demands, { perImage, budgetBytes: budget * MB })
        const held = sum(demands.map(({ key, heldBytes }) => (counts.get(key) ?? 0) * heldBytes))
        expect(held).to.be.at.most(budget * MB)
        for (const { key, pinned } of demands) expect(counts.get(key) ?? 0).to.be.at.most(Math.max(perImage, pinned))
        const pinnedBytes = sum(demands.map(({ pinned, heldBytes }) => pinned * heldBytes))
        if (pinnedBytes > budget * MB) return
        for (const { key, pinned } of demands) expect(counts.get(key) ?? 0).to.be.at.least(pinned)
      }),
    )
  })

  it('keeps no fewer when more comes', () => {
    fc.assert(
      property(demand, double({ min: 1, max: 10, noNaN: true }), (one, factor) => {
        const count = (of: StemDemand) =>
          forecastStems([of], { perImage: 16, budgetBytes: 10_000 * MB }).get(of.key) ?? 0
        const more = {
          ...one,
          recentPerSecond: one.recentPerSecond * factor,
          usualPerSecond: one.usualPerSecond * factor,
        }
        expect(count(more)).to.be.at.least(count(one))
      }),
    )
  })
})

describe('imageId(), whatever is in it', () => {
  const distribution = record({
    name: constantFrom(...names),
    version: constantFrom('1', '2'),
    record: constantFrom('r', 's'),
  })
  const set = fc.uniqueArray(distribution, { selector: ({ name }) => name })
  const idOf = (distributions: Parameters<typeof imageId>[0]['distributions']) =>
    imageId({
      ...{ kind: 'python:3', runtimeBuild: 'b', architecture: 'x64', cpu: 'c', engine: 'fork', format: imageFormat },
      distributions,
    })

  it('is the same for the same set only', () => {
    fc.assert(
      property(set, set, (one, other) => {
        const text = (all: typeof one) =>
          JSON.stringify(all.map((of) => `${of.name} ${of.version} ${of.record}`).sort())
        expect(idOf(one) === idOf(other.toReversed())).to.equal(text(one) === text(other))
      }),
    )
  })
})
