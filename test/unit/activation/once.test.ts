import { expect } from 'chai'
import { Once } from '../../../invoker/activation/once.ts'
import { deferred } from '../../../invoker/lib/deferred.ts'

describe('Once', () => {
  it('lets a message that comes again wait for the work that runs', async () => {
    const once = new Once()
    const { promise, resolve } = deferred()
    let runs = 0
    const work = () => {
      runs += 1
      return promise
    }
    const both = Promise.all([once.run('a', work), once.run('a', work)])
    resolve()
    await both
    expect(runs).to.equal(1)
  })

  it('does nothing for a message whose work has ended', async () => {
    const once = new Once()
    await once.run('a', async () => undefined)
    await once.run('a', () => Promise.reject(new Error('ran twice')))
  })

  it('passes a failure on to all who wait', async () => {
    const once = new Once()
    const work = () => Promise.reject(new Error('no'))
    const ends = await Promise.allSettled([once.run('a', work), once.run('a', work)])
    expect(ends.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected'])
  })
})
