import { expect } from 'chai'
import { checkLimits, effectiveLimits, userBytes } from '../../../deploy/standalone/namespace-limits.ts'
import type { ActionLimits, UserLimits } from '../../../invoker/domain/limits.ts'
import { recordedLimits as system } from '../../support/rest-server.ts'

const throttles = { invocationsPerMinute: 60, concurrentInvocations: 30, firesPerMinute: 60 }
const check = (limits: Partial<ActionLimits>, user: UserLimits = {}): void =>
  checkLimits(limits, { user, system, throttles })

describe('checkLimits()', () => {
  it('takes the bounds themselves', () => {
    check({ timeout: 100, memory: 512, logs: 0, concurrency: 1, instances: 30 })
  })

  it('names the first limit that is wrong, and its bound', () => {
    expect(() => check({ timeout: 1, memory: 1 })).to.throw(
      'requirement failed: memory size 1 MB below allowed threshold of 128 MB',
    )
    expect(() => check({ timeout: 300_001 })).to.throw(
      'requirement failed: duration 300001 milliseconds exceeds allowed threshold of 300000 milliseconds',
    )
    expect(() => check({ logs: 11 })).to.throw('log size 11 MB exceeds allowed threshold of 10 MB')
    expect(() => check({ concurrency: 2 })).to.throw('concurrency 2 exceeds allowed threshold of 1')
    expect(() => check({ instances: 31 })).to.throw('must not exceed your namespace concurrency of 30.')
  })

  it("narrows the bounds by the user's, and never widens them", () => {
    expect(() => check({ memory: 300 }, { maxActionMemory: 256 })).to.throw('exceeds allowed threshold of 256 MB')
    expect(() => check({ memory: 1024 }, { maxActionMemory: 2048 })).to.throw('exceeds allowed threshold of 512 MB')
  })
})

describe('effectiveLimits()', () => {
  it("fills up the user's with the system's", () => {
    const limits = effectiveLimits({ concurrentInvocations: 5, storeActivations: false }, { system, throttles })
    expect(limits).to.deep.include({
      concurrentInvocations: 5,
      maxActionInstances: 5,
      invocationsPerMinute: 60,
      maxActionMemory: 512,
      maxParameterSize: '1048576 B',
      storeActivations: false,
    })
  })
})

describe('userBytes()', () => {
  it('reads sizes and clamps them', () => {
    expect([undefined, '1 KB', '2 MB'].map((size) => userBytes(size, 1_048_576))).to.deep.equal([
      1_048_576, 1024, 1_048_576,
    ])
  })
})
