import { expect } from 'chai'
import { dueOf } from '../../../invoker/pool/idle.ts'
import { aSlotView, aStem } from '../../support/a-slot-view.ts'

const times = { pauseGraceMs: 10, idleContainerMs: 100 }

describe('dueOf()', () => {
  it('pauses a ready container when the grace is over', () => {
    const slot = aSlotView({ lastUsedMs: 1_000 })
    expect(dueOf([slot], 1_009, times)).to.deep.equal({ pause: [], remove: [], nextMs: 1 })
    expect(dueOf([slot], 1_010, times)).to.deep.equal({ pause: [slot], remove: [], nextMs: undefined })
  })

  it('removes a paused container when it was idle for the keep-alive', () => {
    const slot = aSlotView({ phase: 'paused', lastUsedMs: 1_000 })
    expect(dueOf([slot], 1_109, times).nextMs).to.equal(1)
    expect(dueOf([slot], 1_110, times).remove).to.deep.equal([slot])
  })

  it('tells when the next one is due', () => {
    const slots = [
      aSlotView({ lastUsedMs: 1_003 }),
      aSlotView({ lastUsedMs: 1_001 }),
      aSlotView({ phase: 'paused', lastUsedMs: 1_000 }),
    ]
    expect(dueOf(slots, 1_005, times).nextMs).to.equal(6)
  })

  it('leaves what is used, waited for, or no container of an action', () => {
    const slots = [
      aSlotView({ phase: 'busy', activeCount: 1 }),
      aStem(),
      aSlotView({ phase: 'pausing', activeCount: 1 }),
    ]
    expect(dueOf(slots, 9_999_999, times)).to.deep.equal({ pause: [], remove: [], nextMs: undefined })
  })
})
