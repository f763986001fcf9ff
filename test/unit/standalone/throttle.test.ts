import { expect } from 'chai'
import { Throttle } from '../../../deploy/standalone/throttle.ts'
import type { Identity } from '../../../invoker/domain/identity.ts'
import type { UserLimits } from '../../../invoker/domain/limits.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const system = { invocationsPerMinute: 3, concurrentInvocations: 2, firesPerMinute: 3 }

function someone(limits: UserLimits = {}, uuid = 'one'): Identity {
  return { subject: 'guest', namespace: { name: 'guest', uuid }, authkey: {}, rights: [], limits }
}

function refusal(attempt: () => void): string | undefined {
  try {
    attempt()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

describe('Throttle', () => {
  const clock = new FakeClock()
  let active = 0
  let throttle: Throttle

  beforeEach(() => {
    active = 0
    throttle = new Throttle({ clock, limits: system, active: () => active })
  })

  it('admits as many invocations in a calendar minute as allowed, and counts the refused ones on', () => {
    for (let count = 1; count <= 3; count += 1) throttle.admit(someone())
    for (const count of [4, 5]) {
      expect(refusal(() => throttle.admit(someone()))).to.equal(
        `Too many requests in the last minute (count: ${count}, allowed: 3).`,
      )
    }
  })

  it('begins anew with each calendar minute, not a minute after the first invocation', () => {
    clock.pass(59_000)
    for (let count = 1; count <= 3; count += 1) throttle.admit(someone())
    clock.pass(1_000)
    throttle.admit(someone())
  })

  it('counts namespaces apart', () => {
    for (let count = 1; count <= 3; count += 1) throttle.admit(someone())
    throttle.admit(someone({}, 'two'))
  })

  it('refuses when as many run as allowed', () => {
    active = 2
    expect(refusal(() => throttle.admit(someone()))).to.equal(
      'Too many concurrent requests in flight (count: 2, allowed: 2).',
    )
  })

  it("puts a subject's own limits before the system's, also zero", () => {
    active = 5
    throttle.admit(someone({ concurrentInvocations: 6 }))
    expect(refusal(() => throttle.admit(someone({ invocationsPerMinute: 0 }, 'two')))).to.equal(
      'Too many requests in the last minute (count: 1, allowed: 0).',
    )
  })
})
