import { expect } from 'chai'
import { best, imagePerFunction, keepAliveAlone, sharedImages } from '../../bench/cache/policies.ts'
import { seeded } from '../../bench/cache/random.ts'
import { type SetCosts, simulate, type World } from '../../bench/cache/simulator.ts'
import { arrivals, azureLike, expectedColdStarts } from '../../bench/cache/trace.ts'

const minute = 60_000
const costs: SetCosts = {
  cold: { startMs: 2000, containerMb: 200 },
  restored: { startMs: 40, containerMb: 20 },
  stem: { startMs: 5, containerMb: 20 },
  imageMb: 180,
  stemMb: 2,
  refillMs: 30,
  runMs: 10,
}

function aWorld(more: Partial<World> = {}): World {
  const functions = [
    { perMinute: 1, set: 0 },
    { perMinute: 1, set: 0 },
  ]
  return { functions, arrivals: [], costs: [costs], memoryMb: 1000, keepAliveMs: 15 * minute, ...more }
}

const at = (...minutes: readonly number[]) => minutes.map((one) => ({ atMs: one * minute, function: 0 }))

describe('simulate()', () => {
  it('starts cold once the keep-alive time is over, and counts it anew from each use', () => {
    const world = aWorld({ arrivals: at(0, 14, 28, 44) })
    expect(simulate(world, keepAliveAlone(world))).to.deep.equal({
      arrivals: 4,
      coldStarts: 2,
      fromImage: 0,
      waitedSeconds: 4,
    })
  })

  it('starts another container while the one there is busy', () => {
    const busy = [
      { atMs: 0, function: 0 },
      { atMs: 1, function: 0 },
    ]
    const world = aWorld({ arrivals: busy })
    expect(simulate(world, keepAliveAlone(world)).coldStarts).to.equal(2)
  })

  it('gives the memory of the longest unused container to who needs it', () => {
    const load = [
      { atMs: 0, function: 0 },
      { atMs: minute, function: 1 },
      { atMs: 2 * minute, function: 0 },
    ]
    const world = aWorld({ arrivals: load, memoryMb: 300 })
    expect(simulate(world, keepAliveAlone(world)).coldStarts).to.equal(3)
    expect(simulate({ ...world, memoryMb: 400 }, keepAliveAlone(world)).coldStarts).to.equal(2)
  })

  it('starts from stock while there is some, and by restoring while more is made', () => {
    const load = [0, 0, 0, 100].map((atMs) => ({ atMs, function: atMs === 0 ? 0 : 1 }))
    const world = aWorld({ arrivals: load })
    const found = simulate(world, { images: [{ set: 0, stems: 2 }], imageOf: [0, 0] })
    expect(found).to.deep.equal({ arrivals: 4, coldStarts: 4, fromImage: 4, waitedSeconds: (5 + 5 + 40 + 5) / 1000 })
  })

  it('agrees with the formula where memory is no bound', () => {
    const functions = [{ perMinute: 1 / 15, set: 0 }]
    const days = 200
    const load = arrivals(functions, { durationMs: days * 1440 * minute, random: seeded(3) })
    const quick = { ...costs, runMs: 0, cold: { startMs: 0, containerMb: 1 } }
    const world = aWorld({ functions, arrivals: load, costs: [quick], memoryMb: Infinity })
    const perDay = simulate(world, keepAliveAlone(world)).coldStarts / days
    expect(perDay).to.be.closeTo(expectedColdStarts(1 / 15, 15), 1)
  })

  it('refuses a set of which nothing was measured', () => {
    const world = aWorld({ arrivals: at(0), costs: [] })
    expect(() => simulate(world, keepAliveAlone(world))).to.throw('nothing was measured of set 0')
  })
})

describe('the policies', () => {
  const functions = azureLike(60, 2)
  const load = arrivals(functions, { durationMs: 1440 * minute, random: seeded(5) })
  const world = aWorld({ functions, arrivals: load, costs: [costs, costs], memoryMb: 2000 })

  it('give an image of their own to those functions that wait most', () => {
    const { images, imageOf } = imagePerFunction(world, 400)
    expect(images).to.have.length(2)
    const rates = functions.flatMap(({ perMinute }, index) => (imageOf[index] === undefined ? [] : [perMinute]))
    for (const rate of rates) expect(rate).to.be.closeTo(1 / 15, 0.02)
  })

  it('give one image to all functions of a set, with its stock', () => {
    const { images, imageOf } = sharedImages(world, 250, 16)
    expect(images).to.have.length(1)
    expect(imageOf.filter((image) => image === 0)).to.have.length(30)
    expect(sharedImages(world, 211, 16).images).to.have.length(0)
  })

  it('are compared at their best: never worse than giving images nothing', () => {
    const alone = simulate(world, keepAliveAlone(world)).waitedSeconds
    const shared = best(world, (mb) => sharedImages(world, mb, 16)).simulated
    const each = best(world, (mb) => imagePerFunction(world, mb)).simulated
    expect(each.waitedSeconds).to.be.at.most(alone)
    expect(shared.waitedSeconds).to.be.below(each.waitedSeconds)
    expect(shared.fromImage).to.equal(shared.coldStarts)
  })
})
