import { expect } from 'chai'
import { ackPlan, type Ending } from '../../../invoker/activation/ack-plan.ts'

describe('ackPlan()', () => {
  const rows: readonly [string, Ending, boolean, string][] = [
    ['blocking, logs collected', { kind: 'ran', collectsLogs: true }, true, 'result, completion'],
    ['blocking, nothing to collect', { kind: 'ran', collectsLogs: false }, true, 'combined'],
    ['non-blocking, logs collected', { kind: 'ran', collectsLogs: true }, false, 'completion'],
    ['non-blocking, nothing to collect', { kind: 'ran', collectsLogs: false }, false, 'completion'],
    ['blocking, failed before a container ran', { kind: 'failed-before' }, true, 'combined'],
    ['non-blocking, failed before a container ran', { kind: 'failed-before' }, false, 'combined shrunk'],
    ['blocking, blacklisted', { kind: 'blacklisted' }, true, 'combined shrunk'],
    ['non-blocking, blacklisted', { kind: 'blacklisted' }, false, 'combined shrunk'],
    ['blocking, aborted', { kind: 'aborted' }, true, 'combined'],
    ['non-blocking, aborted', { kind: 'aborted' }, false, 'completion'],
  ]
  for (const [what, ending, isBlocking, wanted] of rows) {
    it(`sends ${wanted} for: ${what}`, () => {
      const { early, last, isShrunk } = ackPlan(ending, isBlocking)
      const shape = last === 'combined' && isShrunk ? 'combined shrunk' : last
      expect(early ? `result, ${shape}` : shape).to.equal(wanted)
    })
  }
})
