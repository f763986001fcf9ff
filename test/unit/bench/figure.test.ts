import { expect } from 'chai'
import { comparison, judged, meets, published, speedUp } from '../../bench/lib/figure.ts'

const about = { id: 'cpu', title: 'CPU per activation', unit: 'ms', goal: { atMost: 1.6 } }

describe('comparison()', () => {
  it('takes the median of the ratios of each round, which a machine that changes speed between rounds leaves alone', () => {
    const figure = comparison(about, [
      { baseline: 1, subject: 1.5 },
      { baseline: 10, subject: 15 },
      { baseline: 2, subject: 3 },
    ])
    expect(figure).to.deep.equal({
      id: 'cpu',
      title: 'CPU per activation',
      unit: 'ms',
      value: 3,
      baseline: 2,
      ratio: 1.5,
      spread: { low: 1.5, high: 1.5 },
      samples: 3,
      goal: { atMost: 1.6 },
      met: true,
    })
  })

  it('says when the goal is missed', () => {
    expect(comparison(about, [{ baseline: 1, subject: 1.7 }]).met).to.equal(false)
  })

  it('judges the ratio that it prints', () => {
    const figure = comparison(about, [{ baseline: 1, subject: 1.60001 }])
    expect([figure.ratio, figure.met]).to.deep.equal([1.6, true])
  })

  it('judges nothing without a goal', () => {
    const { goal: _, ...free } = about
    expect(comparison(free, [{ baseline: 1, subject: 9 }])).to.include({ ratio: 9, goal: null, met: null })
  })
})

describe('speedUp()', () => {
  const faster = { ...about, goal: { atLeast: 30 } }

  it('says how many times the other takes what we take, and the percentiles of all single measurements', () => {
    const rounds = [10, 40, 50].map((times) => ({ baseline: times, subject: 1 }))
    const figure = speedUp(faster, rounds, { baseline: [10, 40, 50], subject: [1, 1, 1] })
    expect(figure).to.deep.include({ value: 1, baseline: 40, ratio: 40, met: true, isSpeedUp: true })
    expect(figure.p99).to.deep.equal({ value: 1, baseline: 49.8 })
  })

  it('has no percentiles where there are only medians behind it', () => {
    expect(speedUp(faster, [{ baseline: 20, subject: 1 }]))
      .to.deep.include({ ratio: 20, met: false })
      .and.not.have.key('p99')
  })
})

describe('judged()', () => {
  it('judges the share that it is given', () => {
    const figure = judged({ ...about, goal: { atLeast: 0.895 } }, { value: 10, baseline: 100, ratio: 0.9, samples: 1 })
    expect(figure).to.deep.include({ value: 10, baseline: 100, ratio: 0.9, met: true, spread: null })
  })
})

describe('published()', () => {
  it('has a value and a spread, and nothing to compare', () => {
    const figure = published({ id: 'rss', title: 'Memory', unit: 'MB', openwhisk: 370 }, [100, 110, 120])
    expect(figure).to.deep.include({ value: 110, baseline: null, ratio: null, met: null, openwhisk: 370 })
    expect(figure.spread).to.deep.equal({ low: 105, high: 115 })
  })
})

describe('meets()', () => {
  it('includes the bound itself', () => {
    expect([meets({ atMost: 2 }, 2), meets({ atLeast: 0.8 }, 0.8)]).to.deep.equal([true, true])
    expect([meets({ atMost: 2 }, 2.01), meets({ atLeast: 0.8 }, 0.79)]).to.deep.equal([false, false])
  })
})
