import { expect } from 'chai'
import fc from 'fast-check'
import type { KeyValue } from '../../invoker/domain/action.ts'
import { Parameters } from '../../invoker/store/parameters.ts'

const keys = { 'aes-128': Buffer.alloc(16, 1), 'aes-256': Buffer.alloc(32, 2) }

describe('locked parameters', () => {
  for (const current of ['aes-128', 'aes-256'] as const) {
    it(`come back as they were, with ${current}`, () => {
      const pairs = fc.array(fc.record({ key: fc.string(), value: fc.jsonValue() }), { maxLength: 4 })
      const parameters = new Parameters({ current, keys })
      fc.assert(
        fc.property(pairs, (given) => {
          const open = JSON.parse(JSON.stringify(given)) as KeyValue[]
          const locked = parameters.lock(open)
          expect(locked.every(({ encryption, value }) => encryption === current && typeof value === 'string')).to.equal(
            true,
          )
          expect(parameters.unlock(locked)).to.deep.equal(open)
          expect(parameters.lock(locked)).to.deep.equal(locked)
        }),
      )
    })
  }
})
