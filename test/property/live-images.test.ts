import { expect } from 'chai'
import fc from 'fast-check'
import { imageFormat } from '../../invoker/domain/dependency-image.ts'
import { imageId } from '../../invoker/images/build/identity.ts'
import { chooseImage, type LiveView, savedMs } from '../../invoker/images/choose/choice.ts'
import { chooseEvictions, type ShelfView } from '../../invoker/images/shelf/eviction.ts'
import { forecastStems, type StemDemand } from '../../invoker/images/stems/forecast.ts'
import { aWant } from '../support/an-inventory.ts'

const MB = 1024 * 1024
const { array, boolean, constantFrom, dictionary, double, integer, property, record, subarray } = fc
const names = ['numpy', 'pandas', 'torch', 'scipy', 'six']
const imports = dictionary(constantFrom(...names, 'torch.nn', 'scipy.stats'), integer({ min: 0, max: 2000 }), {
  maxKeys: 4,
})
const budgetMb = integer({ min: 0, max: 1000 })
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)

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
