import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect } from 'chai'
import { atLatest } from '../../../invoker/lib/at-latest.ts'

const never = new AbortController().signal

describe('atLatest()', () => {
  it('aborts after the time, also when the garbage collector came by', async () => {
    const signal = atLatest(50, AbortSignal.any([never]))
    const aborted = once(signal, 'abort')
    setFlagsFromString('--expose-gc')
    runInNewContext('gc')()
    await aborted
    expect(signal.reason).to.have.property('name', 'TimeoutError')
  })

  it('aborts with the signal, for its reason', () => {
    const first = new AbortController()
    const signal = atLatest(60_000, first.signal)
    expect(signal.aborted).to.equal(false)
    first.abort('enough')
    expect(signal.reason).to.equal('enough')
    expect(atLatest(60_000, first.signal).reason).to.equal('enough')
  })
})
