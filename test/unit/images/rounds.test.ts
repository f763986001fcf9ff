import { expect } from 'chai'
import { Rounds } from '../../../invoker/images/rounds.ts'
import { deferred } from '../../../invoker/lib/deferred.ts'
import { aLog } from '../../support/a-log.ts'
import { eventually } from '../../support/eventually.ts'
import { FakeClock } from '../../support/fake-clock.ts'

describe('Rounds', () => {
  it('does a thing again so long after it was done, also when it failed', async () => {
    const [clock, log] = [new FakeClock(), aLog()]
    const rounds = new Rounds({ clock, log })
    let times = 0
    let going = deferred()
    const work = async () => {
      times += 1
      await going.promise
    }
    rounds.start([{ name: 'look', everyMs: 100, work }])
    clock.pass(1000)
    expect(times).to.equal(1)
    going.reject(new Error('not now'))
    await eventually('it waits again', () => clock.timers === 1)
    going = deferred()
    clock.pass(100)
    expect(times).to.equal(2)
    expect(log.lines.map(({ event }) => event)).to.deep.equal(['cannot look'])
    going.resolve()
    await rounds.stop(AbortSignal.timeout(1000))
    clock.pass(1000)
    expect([times, clock.timers]).to.deep.equal([2, 0])
  })
})
