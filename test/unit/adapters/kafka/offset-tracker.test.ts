import { expect } from 'chai'
import { OffsetTracker } from '../../../../invoker/adapters/kafka/offset-tracker.ts'

describe('OffsetTracker', () => {
  it('has nothing to commit before anything is done', () => {
    const tracker = new OffsetTracker()
    tracker.take(7)
    expect(tracker.toCommit()).to.equal(undefined)
  })

  it('commits behind the lowest offset that is not done', () => {
    const tracker = new OffsetTracker()
    for (const offset of [7, 8, 9]) tracker.take(offset)
    tracker.done(8)
    tracker.done(9)
    expect(tracker.toCommit()).to.equal(undefined)
    tracker.done(7)
    expect(tracker.toCommit()).to.equal(10)
  })

  it('passes over gaps that the broker leaves', () => {
    const tracker = new OffsetTracker()
    for (const offset of [3, 10]) tracker.take(offset)
    tracker.done(3)
    expect(tracker.toCommit()).to.equal(4)
    tracker.done(10)
    expect(tracker.toCommit()).to.equal(11)
  })

  it('gives out an offset once, however often the broker sends it', () => {
    const tracker = new OffsetTracker()
    expect([5, 6, 5, 6, 7].map((offset) => tracker.take(offset))).to.deep.equal([true, true, false, false, true])
  })

  it('has nothing to commit of what is confirmed, and what a lost confirmation left open stays', () => {
    const tracker = new OffsetTracker()
    tracker.take(0)
    tracker.done(0)
    expect(tracker.toCommit()).to.equal(1)
    expect(tracker.toCommit()).to.equal(1)
    tracker.committed(1)
    expect(tracker.toCommit()).to.equal(undefined)
  })

  it('ignores the end of what it never gave out, and a second end', () => {
    const tracker = new OffsetTracker()
    tracker.take(4)
    tracker.done(9)
    tracker.done(4)
    tracker.done(4)
    tracker.take(5)
    expect(tracker.toCommit()).to.equal(5)
  })

  it('notices a partition that ends before what was taken from it', () => {
    const tracker = new OffsetTracker()
    tracker.take(4)
    expect(tracker.isBeyond(5)).to.equal(false)
    expect(tracker.isBeyond(2)).to.equal(true)
  })
})
