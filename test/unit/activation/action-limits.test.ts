import { expect } from 'chai'
import { answerLimits, brokenLimit } from '../../../invoker/activation/action-limits.ts'
import type { ActionLimits, UserLimits } from '../../../invoker/domain/limits.ts'
import { MiB } from '../../../invoker/domain/size.ts'
import { systemLimits } from '../../support/system-limits.ts'

const fine: ActionLimits = { timeout: 60_000, memory: 256, logs: 10, concurrency: 1 }

describe('brokenLimit()', () => {
  const rows: readonly [Partial<ActionLimits>, UserLimits, string | undefined][] = [
    [{}, {}, undefined],
    [{ memory: 1_024 }, {}, 'memory size 1024 MB exceeds allowed threshold of 512 MB'],
    [{ memory: 64 }, {}, 'memory size 64 MB below allowed threshold of 128 MB'],
    [{}, { maxActionMemory: 128 }, 'memory size 256 MB exceeds allowed threshold of 128 MB'],
    [{ memory: 1_024 }, { maxActionMemory: 2_048 }, 'memory size 1024 MB exceeds allowed threshold of 512 MB'],
    [{}, { minActionMemory: 300 }, 'memory size 256 MB below allowed threshold of 300 MB'],
    [{ logs: 11 }, {}, 'log size 11 MB exceeds allowed threshold of 10 MB'],
    [{ logs: 1 }, { minActionLogs: 2 }, 'log size 1 MB below allowed threshold of 2 MB'],
    [{ timeout: 300_001 }, {}, 'duration 300001 milliseconds exceeds allowed threshold of 300000 milliseconds'],
    [{ timeout: 50 }, {}, 'duration 50 milliseconds below allowed threshold of 100 milliseconds'],
    [{ concurrency: 11 }, {}, 'concurrency 11 exceeds allowed threshold of 10'],
    [{ concurrency: 2 }, { minActionConcurrency: 3 }, 'concurrency 2 below allowed threshold of 3'],
  ]
  for (const [action, user, text] of rows) {
    it(`says ${text ?? 'nothing'} for ${JSON.stringify(action)} under ${JSON.stringify(user)}`, () => {
      expect(brokenLimit({ ...fine, ...action }, user, systemLimits)).to.equal(text)
    })
  }
})

describe('answerLimits()', () => {
  it('lets a namespace lower the limits, never raise them', () => {
    expect(answerLimits({}, systemLimits)).to.deep.equal({ maxBytes: MiB, truncationBytes: MiB })
    expect(answerLimits({ maxPayloadSize: '2 KB', truncationSize: '9 GB' }, systemLimits)).to.deep.equal({
      maxBytes: 2_048,
      truncationBytes: MiB,
    })
  })
})
