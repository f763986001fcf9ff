import { expect } from 'chai'
import { median, percentile, spread } from '../../bench/lib/statistics.ts'

describe('benchmark statistics', () => {
  it('take the middle value, whatever the order', () => {
    expect(median([9, 1, 5])).to.equal(5)
    expect(median([4, 1, 2, 3])).to.equal(2.5)
  })

  it('sort by number, not by text', () => {
    expect(median([10, 9, 100])).to.equal(10)
  })

  it('interpolate percentiles between neighbours', () => {
    const hundred = Array.from({ length: 101 }, (_, index) => index)
    expect(percentile(hundred, 0.99)).to.equal(99)
    expect(percentile([0, 10], 0.25)).to.equal(2.5)
    expect(percentile([7], 0.99)).to.equal(7)
  })

  it('give the interquartile range as the spread', () => {
    expect(spread([1, 2, 3, 4, 5])).to.deep.equal({ low: 2, high: 4 })
  })

  it('refuse to report on no sample at all', () => {
    expect(() => median([])).to.throw(RangeError, 'no sample')
  })

  it('leave the samples as they were', () => {
    const samples = [3, 1, 2]
    median(samples)
    expect(samples).to.deep.equal([3, 1, 2])
  })
})
