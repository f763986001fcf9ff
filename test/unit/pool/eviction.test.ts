import { expect } from 'chai'
import { makeRoom } from '../../../invoker/pool/eviction.ts'
import type { SlotView } from '../../../invoker/pool/slot-view.ts'
import { aSlotView, aStem } from '../../support/a-slot-view.ts'

describe('makeRoom()', () => {
  const idle = (lastUsedMs: number, changes: Partial<SlotView> = {}) =>
    aSlotView({ lastUsedMs, owner: { namespace: 'x', actionKey: 'x', concurrency: 1 }, ...changes })
  const busy = aSlotView({ phase: 'busy', activeCount: 1 })

  it('evicts the longest unused, and no more than needed', () => {
    const slots = [idle(3), idle(1), idle(2)]
    expect(makeRoom({ neededMb: 300 }, { slots, freeMb: 0 })).to.deep.equal({
      kind: 'evict',
      slots: [slots[1], slots[2]],
    })
    expect(makeRoom({ neededMb: 300 }, { slots, freeMb: 100 })).to.deep.equal({ kind: 'evict', slots: [slots[1]] })
  })

  it('evicts paused containers too', () => {
    const paused = idle(1, { phase: 'paused' })
    expect(makeRoom({ neededMb: 256 }, { slots: [paused], freeMb: 0 })).to.deep.equal({
      kind: 'evict',
      slots: [paused],
    })
  })

  it('removes nothing when that would not suffice', () => {
    expect(makeRoom({ neededMb: 512 }, { slots: [idle(1), busy], freeMb: 0 })).to.deep.equal({
      kind: 'wait',
      shortByMb: 512,
    })
  })

  it('waits for what is being removed already', () => {
    const slots = [idle(1), idle(2, { phase: 'removing' })]
    expect(makeRoom({ neededMb: 256 }, { slots, freeMb: 0 })).to.deep.equal({ kind: 'wait', shortByMb: 0 })
  })

  it('leaves a paused container that a job waits for', () => {
    const slots = [idle(1, { phase: 'pausing', activeCount: 1 }), busy]
    expect(makeRoom({ neededMb: 256 }, { slots, freeMb: 0 }).kind).to.equal('wait')
  })

  it('leaves stem cells as long as anything else may make room', () => {
    expect(makeRoom({ neededMb: 256 }, { slots: [aStem(), busy], freeMb: 0 }).kind).to.equal('wait')
  })

  it('evicts stem cells when the job would wait for ever', () => {
    const stem = aStem()
    expect(makeRoom({ neededMb: 256 }, { slots: [stem], freeMb: 0 })).to.deep.equal({ kind: 'evict', slots: [stem] })
    const warm = idle(1)
    expect(makeRoom({ neededMb: 256 }, { slots: [stem, warm], freeMb: 0 })).to.deep.equal({
      kind: 'evict',
      slots: [warm],
    })
  })
})
