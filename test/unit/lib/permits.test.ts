import { expect } from 'chai'
import { deferred } from '../../../invoker/lib/deferred.ts'
import { Permits } from '../../../invoker/lib/permits.ts'

const never = new AbortController().signal

describe('Permits', () => {
  it('lets as many run as there are, and the others in the order of their calls', async () => {
    const permits = new Permits(2)
    const started: number[] = []
    const gates = [deferred(), deferred(), deferred(), deferred()]
    const all = gates.map(({ promise }, index) => {
      const work = (): Promise<void> => {
        started.push(index)
        return promise
      }
      return permits.run(work, never)
    })
    await Promise.resolve()
    expect(started).to.deep.equal([0, 1])
    gates[1]?.resolve()
    await all[1]
    expect(started).to.deep.equal([0, 1, 2])
    for (const gate of gates) gate.resolve()
    await Promise.all(all)
    expect(started).to.deep.equal([0, 1, 2, 3])
  })

  it('goes on after a failure', async () => {
    const permits = new Permits(1)
    const failed = permits.run(() => Promise.reject(new Error('no')), never).catch(String)
    expect([await failed, await permits.run(async () => 'yes', never)]).to.deep.equal(['Error: no', 'yes'])
  })

  it('does not start what was given up while it waited', async () => {
    const permits = new Permits(1)
    const gate = deferred()
    const first = permits.run(() => gate.promise, never)
    const stop = new AbortController()
    let hasStarted = false
    const second = permits.run(async () => {
      hasStarted = true
    }, stop.signal)
    stop.abort(new Error('given up'))
    gate.resolve()
    await first
    expect([await second.catch(String), hasStarted]).to.deep.equal(['Error: given up', false])
  })
})
