import { expect } from 'chai'
import { deferred } from '../../../invoker/lib/deferred.ts'
import { openLoop } from '../../bench/warm/open-loop.ts'

describe('openLoop()', () => {
  it('goes on calling while earlier calls have not ended', async () => {
    const first = deferred()
    let calls = 0
    const times = await openLoop({
      count: 3,
      perSecond: 1000,
      call: () => {
        calls += 1
        // Only the last call lets the first one end.
        if (calls === 3) first.resolve(undefined)
        return calls === 1 ? first.promise : Promise.resolve()
      },
    })
    expect(times).to.have.length(3)
  })

  it('keeps to the schedule', async () => {
    const starts: number[] = []
    await openLoop({ count: 4, perSecond: 100, delayMs: 10, call: async () => starts.push(performance.now()) })
    const [first = 0, last = 0] = [starts.at(0), starts.at(-1)]
    expect(last - first).to.be.at.least(25)
  })

  it('fails when a call fails', async () => {
    const error = await openLoop({ count: 1, perSecond: 1, call: () => Promise.reject(new Error('502')) }).catch(
      (reason: unknown) => reason,
    )
    expect(error).to.be.an('error').with.property('message', '502')
  })
})
