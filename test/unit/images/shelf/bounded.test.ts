import { getEventListeners } from 'node:events'
import { expect } from 'chai'
import { bounded, Late } from '../../../../invoker/images/shelf/bounded.ts'
import { deferred } from '../../../../invoker/lib/deferred.ts'
import { eventually } from '../../../support/eventually.ts'

describe('bounded()', () => {
  const bounds = { timeoutMs: 10, graceMs: 10, onLate: async () => undefined }

  /** What work ends with. */
  function reasonOf(work: Promise<unknown>): Promise<unknown> {
    return work.then(
      () => 'it went well',
      (error: unknown) => error,
    )
  }

  it('gives what the work gives, and leaves nothing on a signal that lives on', async () => {
    const { signal } = new AbortController()
    expect(await bounded(async () => 7, { ...bounds, signal })).to.equal(7)
    expect(getEventListeners(signal, 'abort')).to.deep.equal([])
  })

  it('passes on what the work throws', async () => {
    const { signal } = new AbortController()
    const failed = new Error('no')
    expect(await reasonOf(bounded(() => Promise.reject(failed), { ...bounds, signal }))).to.equal(failed)
  })

  it('tells the work to end when its time is over', async () => {
    const { signal } = new AbortController()
    const work = (told: AbortSignal) =>
      new Promise<never>((_, reject) => told.addEventListener('abort', () => reject(told.reason)))
    expect(await reasonOf(bounded(work, { ...bounds, signal }))).to.have.property('name', 'TimeoutError')
  })

  it('leaves work behind that does not end, and gets rid of what comes of it', async () => {
    const { signal } = new AbortController()
    const never = deferred<string>()
    const got: string[] = []
    const onLate = async (result: string) => {
      got.push(result)
    }
    expect(await reasonOf(bounded(() => never.promise, { ...bounds, signal, onLate }))).to.be.instanceOf(Late)
    never.resolve('too late')
    await eventually('it is got rid of', () => got.length === 1)
  })

  it('ends with the signal, and does not begin after it', async () => {
    const end = new AbortController()
    const reason = new Error('enough')
    let told: AbortSignal | undefined
    const never = (signal: AbortSignal) => {
      told = signal
      return deferred().promise
    }
    const ending = reasonOf(bounded(never, { ...bounds, timeoutMs: 5000, signal: end.signal }))
    end.abort(reason)
    expect(await ending).to.equal(reason)
    expect(told?.aborted).to.equal(true)
    told = undefined
    expect(await reasonOf(bounded(never, { ...bounds, signal: end.signal }))).to.equal(reason)
    expect(told).to.equal(undefined)
  })
})
