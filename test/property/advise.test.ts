import { expect } from 'chai'
import fc from 'fast-check'
import { type Advice, type AdviceBounds, advise } from '../../invoker/images/advise/advise.ts'
import type { Load } from '../../invoker/images/advise/loads.ts'
import { type LiveView, savedMs } from '../../invoker/images/choose/choice.ts'
import { anInventory, aWant } from '../support/an-inventory.ts'

const MB = 1024 * 1024
const { array, constantFrom, dictionary, double, integer, property, record, shuffledSubarray, subarray } = fc
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
