import { expect } from 'chai'
import { parseDuration } from '../../../invoker/domain/duration.ts'

describe('parseDuration()', () => {
  it('reads the words of OpenWhisk', () => {
    for (const [text, ms] of [
      ['2 minutes', 120_000],
      ['1 minute', 60_000],
      ['10s', 10_000],
      ['100 ms', 100],
      ['0.5 h', 1_800_000],
      [' 1 DAY ', 86_400_000],
    ] as const) {
      expect(parseDuration(text), text).to.equal(ms)
    }
  })

  it('refuses what has no unit, no number or an unknown unit', () => {
    for (const text of ['', '10', 'minutes', '2 fortnights', '-1 s', '1e3 s']) {
      expect(() => parseDuration(text), text).to.throw(SyntaxError, `"${text}"`)
    }
  })
})
