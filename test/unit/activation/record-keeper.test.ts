import { expect } from 'chai'
import { buildRecord } from '../../../invoker/activation/record.ts'
import { RecordKeeper } from '../../../invoker/activation/record-keeper.ts'
import type { WhiskActivation } from '../../../invoker/domain/activation.ts'
import { Fault } from '../../../invoker/faults/fault.ts'
import { deferred } from '../../../invoker/lib/deferred.ts'
import { aLog } from '../../support/a-log.ts'
import { aMessage } from '../../support/a-message.ts'
import { settled } from '../../support/a-pool.ts'
import { anAction } from '../../support/an-action.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { FakeMeter } from '../../support/fake-meter.ts'

const aRecord = () =>
  buildRecord({
    message: aMessage(),
    action: anAction(),
    response: { statusCode: 0, result: {} },
    timing: { start: 0, end: 1, begunMs: 0 },
    isTimeout: false,
  })

function keeper(fault: Fault | undefined) {
  const state = {
    fault,
    answer: Promise.resolve(),
    stored: [] as WhiskActivation[],
    late: [] as WhiskActivation[],
  }
  const clock = new FakeClock()
  const log = aLog()
  const made = new RecordKeeper({
    sink: {
      store: async (record) => {
        await state.answer
        if (state.fault) throw state.fault
        state.stored.push(record)
      },
    },
    clock,
    log,
    meter: new FakeMeter(),
    onStored: (record) => state.late.push(record),
  })
  return { keeper: made, state, clock, log }
}

describe('RecordKeeper', () => {
  it('stores', async () => {
    const { keeper: kept, state } = keeper(undefined)
    const record = aRecord()
    expect(await kept.store(record)).to.equal(true)
    expect(state).to.deep.include({ stored: [record], late: [] })
  })

  it('holds nobody back in an outage, and stores when it is over', async () => {
    const { keeper: kept, state, clock } = keeper(new Fault('STORE_UNAVAILABLE', 'gone'))
    const records = [aRecord(), aRecord()]
    expect(await Promise.all(records.map((record) => kept.store(record)))).to.deep.equal([false, false])
    clock.pass(5_000)
    await settled()
    expect(state.stored).to.deep.equal([])
    state.fault = undefined
    clock.pass(5_000)
    await settled()
    expect(state.stored).to.have.members(records)
    expect(state.late).to.have.members(records)
    expect(clock.timers).to.equal(0)
  })

  it('holds nobody back where the store hangs, and tells when it has stored after all', async () => {
    const { keeper: kept, state, clock } = keeper(undefined)
    const answer = deferred<void>()
    state.answer = answer.promise
    const record = aRecord()
    const told = kept.store(record)
    clock.pass(1_000)
    expect(await told).to.equal(false)
    expect(state.late).to.deep.equal([])
    answer.resolve()
    await settled()
    expect(state.late).to.deep.equal([record])
    expect(clock.timers).to.equal(0)
  })

  it('does not keep what the store refuses for good', async () => {
    const { keeper: kept, clock, log } = keeper(new Fault('STORE_REFUSED', 'too large'))
    expect(await kept.store(aRecord())).to.equal(false)
    expect(clock.timers).to.equal(0)
    expect(log.lines.map(({ level }) => level)).to.deep.equal(['error'])
  })

  it('tries no more when it is stopped', async () => {
    const { keeper: kept, state, clock } = keeper(new Fault('STORE_UNAVAILABLE', 'gone'))
    await kept.store(aRecord())
    kept.stop()
    state.fault = undefined
    clock.pass(60_000)
    await settled()
    expect(state.stored).to.deep.equal([])
  })
})
