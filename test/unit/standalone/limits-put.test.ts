import { expect } from 'chai'
import { readLimits } from '../../../deploy/standalone/limits-put.ts'
import type { Json } from '../../../invoker/domain/json.ts'

describe('readLimits()', () => {
  it('leaves out what is absent, null or not known', () => {
    expect(readLimits({ timeout: 1e3, memory: null, other: 1 })).to.deep.equal({ timeout: 1000 })
    expect(readLimits(null)).to.equal(undefined)
  })

  it('takes the low 32 bits of a large number, which then fails against its bounds', () => {
    expect(readLimits({ timeout: 1_000_000_000_000 })).to.deep.equal({ timeout: -727_379_968 })
  })

  const wrong: readonly (readonly [limits: Json, text: string])[] = [
    [[], "Object expected in field 'timeout'"],
    [{ timeout: '1000' }, 'time limit malformed'],
    [{ timeout: 1000.5 }, 'requirement failed: time limit must be whole number'],
    [{ memory: -5 }, 'requirement failed: a negative size of an object is not allowed.'],
    [{ logs: 1.5 }, 'requirement failed: log limit must be whole number'],
    [{ concurrency: true }, 'concurrency limit malformed'],
    [{ concurrency: 1.5 }, 'requirement failed: intra concurrency limit must be whole number'],
  ]
  for (const [limits, text] of wrong) {
    it(`refuses ${JSON.stringify(limits)}`, () => {
      expect(() => readLimits(limits)).to.throw(`malformed:\n${text}`)
    })
  }
})
