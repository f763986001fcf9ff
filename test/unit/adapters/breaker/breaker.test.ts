import { expect } from 'chai'
import { Breaker } from '../../../../invoker/adapters/breaker/breaker.ts'
import { withBreaker } from '../../../../invoker/adapters/breaker/breaker-store.ts'
import type { FaultCode } from '../../../../invoker/faults/catalogue.ts'
import { Fault } from '../../../../invoker/faults/fault.ts'
import type { DocumentStore } from '../../../../invoker/ports/documents.ts'
import { countingStore } from '../../../support/counting-store.ts'
import { eventually } from '../../../support/eventually.ts'
import { FakeMeter } from '../../../support/fake-meter.ts'
import { faultOf } from '../../../support/fault-of.ts'

const state = 'circuit_breaker_state{name=couchdb}'

describe('Breaker', () => {
  let breaker: Breaker
  let meter: FakeMeter

  const make = (resetMs: number): void => {
    meter = new FakeMeter()
    breaker = new Breaker({ name: 'couchdb', fault: 'STORE_UNAVAILABLE', meter, resetMs })
  }
  const fails = (code: FaultCode) => () => Promise.reject(new Fault(code, 'down'))
  const call = async (work: () => Promise<unknown>, times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) await breaker.run(work).catch(() => undefined)
  }

  afterEach(() => breaker.stop())

  it('gives what was given, and the failure that was thrown', async () => {
    make(60_000)
    expect(await breaker.run(() => Promise.resolve('yes'))).to.equal('yes')
    expect((await faultOf(breaker.run(fails('STORE_UNAVAILABLE')))).message).to.contain('down')
    expect(meter.gauges.get(state)).to.equal(0)
  })

  it('answers at once, with the same fault, after failures of the thing', async () => {
    make(60_000)
    await call(fails('STORE_UNAVAILABLE'), 5)
    expect([breaker.isOpen, meter.gauges.get(state)]).to.deep.equal([true, 2])
    const calls: string[] = []
    const fault = await faultOf(breaker.run(async () => calls.push('called')))
    expect([fault.code, fault.isRetryable, calls]).to.deep.equal(['STORE_UNAVAILABLE', true, []])
    expect(fault.message).to.contain('"couchdb" has failed again and again')
  })

  for (const code of [
    'DOCUMENT_CONFLICT',
    'DOCUMENT_UNREADABLE',
    'STORE_REFUSED',
    'VIEW_MISSING',
    'STORE_FULL',
  ] as const) {
    it(`does not take ${code} for a failure of the thing`, async () => {
      make(60_000)
      await call(fails(code), 20)
      expect(breaker.isOpen).to.equal(false)
    })
  }

  it('does not open for a few failures among many answers', async () => {
    make(60_000)
    for (let round = 0; round < 10; round += 1) {
      await call(() => Promise.resolve(), 2)
      await call(fails('STORE_UNAVAILABLE'), 1)
    }
    expect(breaker.isOpen).to.equal(false)
  })

  it('lets one call try after a while, and closes when it goes well', async () => {
    make(20)
    await call(fails('STORE_UNAVAILABLE'), 5)
    await eventually('it lets one call try', () => meter.gauges.get(state) === 1)
    expect(await breaker.run(() => Promise.resolve('back'))).to.equal('back')
    expect([breaker.isOpen, meter.gauges.get(state)]).to.deep.equal([false, 0])
  })

  it('stands before every call of a store but its stop', async () => {
    make(60_000)
    await call(fails('STORE_UNAVAILABLE'), 5)
    const { store, calls } = countingStore({ stop: () => Promise.resolve() } as unknown as DocumentStore)
    const guarded = withBreaker(store, breaker)
    const attachment = { name: 'a', contentType: 'b', data: Buffer.alloc(0) }
    const answers = await Promise.allSettled([
      guarded.get('x'),
      guarded.put({ _id: 'x' }),
      guarded.remove('x', '1-1'),
      guarded.bulk([]),
      guarded.view('d', 'v', {}),
      guarded.attach('x', '1-1', attachment),
      guarded.attachment('x', 'a'),
      guarded.ensureDesign({ name: 'd', views: {} }),
    ])
    for (const answer of answers) expect(answer).to.have.nested.property('reason.code', 'STORE_UNAVAILABLE')
    await guarded.stop(AbortSignal.abort())
    expect([...calls]).to.deep.equal([['stop', 1]])
  })
})
