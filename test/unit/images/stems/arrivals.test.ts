import { expect } from 'chai'
import { Arrivals } from '../../../../invoker/images/stems/arrivals.ts'

const hour = 3_600_000

function arrivals(...times: readonly number[]): Arrivals {
  const all = new Arrivals()
  for (const time of times) all.note(time)
  return all
}

describe('Arrivals', () => {
  it('knows nothing of what never came', () => {
    expect(new Arrivals().perDay(hour)).to.equal(0)
    expect(new Arrivals().burst(hour, 1000)).to.equal(0)
  })

  it('finds a steady rate, over a short and over a long time', () => {
    const every10s = arrivals(...Array.from({ length: 24 * 360 }, (_, index) => index * 10_000))
    const now = 24 * hour
    expect(every10s.recentPerSecond(now)).to.be.closeTo(0.1, 0.02)
    expect(every10s.usualPerSecond(now)).to.be.closeTo(0.1, 0.01)
    expect(every10s.perDay(now)).to.be.closeTo(8640, 500)
  })

  it('takes a single start for a few a day', () => {
    expect(arrivals(0).perDay(0)).to.equal(4)
  })

  it('forgets what stopped: soon of late, slowly of usual', () => {
    const one = arrivals(0)
    expect(one.recentPerSecond(10 * 60_000)).to.be.below(one.recentPerSecond(0) / 1000)
    expect(one.usualPerSecond(10 * 60_000)).to.be.above(one.usualPerSecond(0) * 0.9)
    expect(one.perDay(48 * hour)).to.be.below(0.01)
  })

  it('remembers how many came at once, for a while', () => {
    const burst = arrivals(0, 5000, 5010, 5020, 5090, 9000)
    expect(burst.burst(10_000, 50)).to.equal(3)
    expect(burst.burst(10_000, 90)).to.equal(4)
    expect(burst.burst(10_000, 5)).to.equal(1)
    expect(burst.burst(10_000 + 600_000, 50)).to.equal(0)
  })
})
