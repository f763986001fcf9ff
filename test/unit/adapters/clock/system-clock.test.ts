import { expect } from 'chai'
import { systemClock } from '../../../../invoker/adapters/clock/system-clock.ts'
import { deferred } from '../../../../invoker/lib/deferred.ts'

describe('systemClock', () => {
  it('tells milliseconds since the epoch', () => {
    expect(Math.abs(systemClock.now() - Date.now())).to.be.below(1000)
  })

  it('calls back in the order of the times', async () => {
    const calls: string[] = []
    const done = deferred()
    systemClock.after(20, () => done.resolve())
    systemClock.after(1, () => calls.push('first'))
    const keepAlive = setInterval(() => undefined, 10)
    await done.promise
    clearInterval(keepAlive)
    expect(calls).to.deep.equal(['first'])
  })

  it('never calls back after it was cancelled, nor at once for a time beyond what Node can wait', async () => {
    const calls: string[] = []
    const done = deferred()
    systemClock.after(1, () => calls.push('cancelled'))()
    const cancel = systemClock.after(2 ** 40, () => calls.push('overflow'))
    systemClock.after(30, () => done.resolve())
    const keepAlive = setInterval(() => undefined, 10)
    await done.promise
    clearInterval(keepAlive)
    cancel()
    expect(calls).to.deep.equal([])
  })
})
