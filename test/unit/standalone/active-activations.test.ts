import { expect } from 'chai'
import { ActiveActivations } from '../../../deploy/standalone/active-activations.ts'
import { FakeClock } from '../../support/fake-clock.ts'

describe('ActiveActivations', () => {
  it('counts per namespace until the activation ends, once', () => {
    const active = new ActiveActivations(new FakeClock())
    active.add('1', { namespaceUuid: 'a', timeoutMs: 100 })
    active.add('2', { namespaceUuid: 'a', timeoutMs: 100 })
    active.add('3', { namespaceUuid: 'b', timeoutMs: 100 })
    active.remove('1')
    active.remove('1')
    active.remove('unknown')
    expect([active.count('a'), active.count('b'), active.count('c')]).to.deep.equal([1, 1, 0])
  })

  it('forgets what is overdue: twice the time limit, at least two minutes, and one more', () => {
    const clock = new FakeClock()
    const active = new ActiveActivations(clock)
    active.add('short', { namespaceUuid: 'a', timeoutMs: 100 })
    active.add('long', { namespaceUuid: 'a', timeoutMs: 300_000 })
    clock.pass(179_999)
    expect(active.count('a')).to.equal(2)
    clock.pass(60_001)
    expect(active.count('a')).to.equal(1)
    clock.pass(480_000)
    expect(active.count('a')).to.equal(0)
    active.stop()
    expect(clock.timers).to.equal(0)
  })
})
