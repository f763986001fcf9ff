import { expect } from 'chai'
import { mustStore, type StoreLevel } from '../../../invoker/activation/store-conditions.ts'
import type { StatusCode } from '../../../invoker/domain/response.ts'
import { newTransactionId } from '../../../invoker/domain/transid.ts'
import { aMessage } from '../../support/a-message.ts'

const codes: readonly StatusCode[] = [0, 1, 2, 3]
const both = (level: StoreLevel) => ({ blocking: level, nonBlocking: level })

describe('mustStore()', () => {
  const levels: readonly [StoreLevel, readonly boolean[]][] = [
    ['STORE_ALWAYS', [true, true, true, true]],
    ['STORE_FAILURES', [false, true, true, true]],
    ['STORE_FAILURES_NOT_APPLICATION_ERRORS', [false, false, true, true]],
  ]
  for (const [level, wanted] of levels) {
    it(`follows ${level}`, () => {
      expect(codes.map((code) => mustStore(aMessage(), code, both(level)))).to.deep.equal(wanted)
    })
  }

  it('has a level for each kind of call', () => {
    const mixed = { blocking: 'STORE_FAILURES', nonBlocking: 'STORE_ALWAYS' } as const
    expect(mustStore(aMessage({ blocking: true }), 0, mixed)).to.equal(false)
    expect(mustStore(aMessage({ blocking: false }), 0, mixed)).to.equal(true)
  })

  it('stores successes too when extra logging asks for it', () => {
    const message = aMessage({ transid: newTransactionId('t', 0, true) })
    expect(mustStore(message, 0, both('STORE_FAILURES'))).to.equal(true)
  })

  it('stores nothing for a namespace that wants none', () => {
    const { user } = aMessage()
    const message = aMessage({
      user: { ...user, limits: { storeActivations: false } },
      transid: newTransactionId('t', 0, true),
    })
    expect(codes.map((code) => mustStore(message, code, both('STORE_ALWAYS')))).to.deep.equal([
      false,
      false,
      false,
      false,
    ])
  })
})
