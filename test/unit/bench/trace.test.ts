import { expect } from 'chai'
import { seeded } from '../../bench/cache/random.ts'
import { arrivals, azureLike, expectedColdStarts, rateAt } from '../../bench/cache/trace.ts'

describe('a trace like those of Azure', () => {
  it('calls half of its functions less than once in a thousand minutes, and none more than 0.6 times a minute', () => {
    const rates = azureLike(1000, 3).map(({ perMinute }) => perMinute)
    expect(rates.filter((rate) => rate < 0.001)).to.have.length(500)
    expect(Math.max(...rates)).to.be.within(0.58, 0.6)
  })

  it('has the fewer functions the more often they are called', () => {
    const [quarter, half, most] = [0.75, 0.9, 1].map(rateAt)
    expect([quarter, half, most].map((rate) => Number(rate?.toFixed(3)))).to.deep.equal([0.024, 0.167, 0.6])
  })

  it('gives each set of dependencies as many functions', () => {
    expect(azureLike(6, 3).map(({ set }) => set)).to.deep.equal([0, 1, 2, 0, 1, 2])
  })

  it('is the same again for the same seed', () => {
    const load = (seed: number) => arrivals(azureLike(50, 1), { durationMs: 3_600_000, random: seeded(seed) })
    expect(load(1)).to.deep.equal(load(1))
    expect(load(1)).to.not.deep.equal(load(2))
  })

  it('arrives as often as its rates say, at times that rise', () => {
    const load = arrivals([{ perMinute: 0.5, set: 0 }], { durationMs: 10_000 * 60_000, random: seeded(1) })
    expect(load.length).to.be.within(4800, 5200)
    expect(load.every(({ atMs }, index) => index === 0 || atMs >= (load[index - 1]?.atMs ?? 0))).to.equal(true)
  })
})

describe('expectedColdStarts()', () => {
  it('peaks at 35.3 a day for a call in each keep-alive time of a quarter of an hour', () => {
    const around = [0.9, 1, 1.1].map((times) => expectedColdStarts(times / 15, 15))
    expect(Math.max(...around)).to.equal(around[1])
    expect(around[1]).to.be.closeTo(35.3, 0.05)
  })
})
