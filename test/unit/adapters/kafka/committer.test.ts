import { expect } from 'chai'
import { Committer, type PartitionOffset } from '../../../../invoker/adapters/kafka/committer.ts'
import { type Deferred, deferred } from '../../../../invoker/lib/deferred.ts'
import { FakeClock } from '../../../support/fake-clock.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A broker that confirms when it is told to. */
function aCommitter() {
  const clock = new FakeClock()
  const asked: { offset: number | undefined; answer: Deferred<void> }[] = []
  const failures: unknown[] = []
  const state: { open: PartitionOffset[] } = { open: [] }
  const committer = new Committer({
    clock,
    delayMs: 100,
    retryMs: 1000,
    open: () => state.open,
    commit: async (offsets) => {
      const answer = deferred()
      asked.push({ offset: offsets[0]?.offset, answer })
      await answer.promise
      state.open = state.open.filter(({ offset }) => offset > (offsets[0]?.offset ?? 0))
    },
    onFailure: (error) => failures.push(error),
  })
  const done = (offset: number) => {
    state.open = [{ partition: 0, offset }]
    committer.touch()
  }
  return { clock, asked, failures, state, committer, done }
}

describe('Committer', () => {
  it('commits once for all that is done within the delay', async () => {
    const { clock, asked, done } = aCommitter()
    for (let offset = 1; offset <= 50; offset += 1) done(offset)
    expect(clock.timers).to.equal(1)
    clock.pass(100)
    expect(asked.map(({ offset }) => offset)).to.deep.equal([50])
  })

  it('has one request in flight, and commits afterwards what was done meanwhile', async () => {
    const { clock, asked, done } = aCommitter()
    done(1)
    clock.pass(100)
    done(2)
    clock.pass(1000)
    expect(asked.length).to.equal(1)
    asked[0]?.answer.resolve()
    await turn()
    clock.pass(100)
    expect(asked.map(({ offset }) => offset)).to.deep.equal([1, 2])
  })

  it('has no timer while there is nothing to commit', async () => {
    const { clock, asked, done } = aCommitter()
    expect(clock.timers).to.equal(0)
    done(1)
    clock.pass(100)
    asked[0]?.answer.resolve()
    await turn()
    expect(clock.timers).to.equal(0)
  })

  it('tries again, later, when the broker does not confirm', async () => {
    const { clock, asked, failures, done } = aCommitter()
    done(1)
    clock.pass(100)
    asked[0]?.answer.reject(new Error('rebalancing'))
    await turn()
    expect(failures.length).to.equal(1)
    clock.pass(999)
    expect(asked.length).to.equal(1)
    clock.pass(1)
    expect(asked.length).to.equal(2)
  })

  it('flushes without the delay, after the commit in flight', async () => {
    const { clock, asked, committer, done } = aCommitter()
    done(1)
    clock.pass(100)
    done(2)
    const flushed = committer.flush()
    asked[0]?.answer.resolve()
    await turn()
    expect(asked.map(({ offset }) => offset)).to.deep.equal([1, 2])
    asked[1]?.answer.resolve()
    await flushed
    expect(clock.timers).to.equal(0)
  })
})
