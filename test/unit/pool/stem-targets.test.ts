import { expect } from 'chai'
import fc from 'fast-check'
import type { SlotView } from '../../../invoker/pool/slot-view.ts'
import {
  idleForStems,
  isRestoringForJobs,
  orderFor,
  stemsOf,
  surplusStems,
} from '../../../invoker/pool/stem-targets.ts'
import { aSlotView, aStem } from '../../support/a-slot-view.ts'
import { aTarget } from '../../support/fake-images.ts'

const warm = (changes: Partial<SlotView> = {}) => aStem({ image: 'heavy', memoryMb: 2, ...changes })

describe('orderFor()', () => {
  it('orders a stem cell that waits under the limit of the target and holds what it takes', () => {
    expect(orderFor(aTarget('heavy', 3))).to.deep.equal({
      image: 'heavy',
      kind: 'nodejs:20',
      memoryMb: 128,
      heldMb: 2,
    })
  })

  it('rounds up to sizes that can be added and taken away without a trace', () => {
    const sizes = fc.array(fc.double({ min: 0.001, max: 64, noNaN: true }), { minLength: 1 })
    fc.assert(
      fc.property(sizes, (sizesMb) => {
        const held = sizesMb.map((heldMb) => orderFor(aTarget('heavy', 1, { heldMb })).heldMb)
        for (const [at, mb] of held.entries()) expect(mb).to.be.at.least(sizesMb[at] ?? 0)
        const all = held.reduce((sum, mb) => sum + mb, 0)
        expect(held.toReversed().reduce((sum, mb) => sum - mb, all)).to.equal(0)
      }),
    )
  })
})

describe('stemsOf()', () => {
  it('gives those that wait or are being made for nobody, of the image', () => {
    const slots = [warm(), warm({ phase: 'starting' })]
    const others = [
      aStem(),
      warm({ image: 'other' }),
      warm({ phase: 'removing' }),
      warm({ phase: 'starting', owner: { namespace: 'guest', actionKey: 'key', concurrency: 1 } }),
    ]
    expect(stemsOf(aTarget('heavy', 1), [...slots, ...others])).to.deep.equal(slots)
  })
})

describe('surplusStems()', () => {
  it('gives what no target asks for: those that are being made first, then the oldest', () => {
    const [old, young, making] = [
      warm({ lastUsedMs: 1 }),
      warm({ lastUsedMs: 2 }),
      warm({ lastUsedMs: 3, phase: 'starting' }),
    ]
    const gone = warm({ image: 'gone' })
    const slots = [old, making, young, gone, aStem(), aSlotView()]
    expect(surplusStems(slots, [aTarget('heavy', 3)])).to.deep.equal([gone])
    expect(surplusStems(slots, [aTarget('heavy', 2)])).to.have.members([gone, making])
    expect(surplusStems(slots, [aTarget('heavy', 1)])).to.have.members([gone, making, old])
    expect(surplusStems(slots, [])).to.have.members([gone, making, old, young])
  })
})

describe('isRestoringForJobs()', () => {
  it('is true while an image is restored for an activation, and no longer', () => {
    const owner = { namespace: 'guest', actionKey: 'key', concurrency: 1 }
    expect(isRestoringForJobs([warm({ phase: 'starting', owner })])).to.equal(true)
    expect(isRestoringForJobs([warm({ phase: 'initialising', owner })])).to.equal(false)
    expect(isRestoringForJobs([warm({ phase: 'starting' })])).to.equal(false)
    expect(isRestoringForJobs([aSlotView({ phase: 'starting' })])).to.equal(false)
  })
})

describe('idleForStems()', () => {
  const paused = (lastUsedMs: number, memoryMb = 256) => aSlotView({ phase: 'paused', lastUsedMs, memoryMb })

  it('gives the longest unused of those that are frozen', () => {
    const slots = [paused(4), aSlotView({ lastUsedMs: 1 }), paused(2), paused(3), aStem()]
    expect(idleForStems(slots)).to.equal(slots[2])
  })

  it('gives none that is more than a quarter of what is kept warm', () => {
    expect(idleForStems([paused(1), paused(2), paused(3)])).to.equal(undefined)
    const small = paused(9, 128)
    expect(idleForStems([paused(1), small, paused(3)])).to.equal(small)
    expect(idleForStems([])).to.equal(undefined)
  })

  it('gives none while one is being removed', () => {
    const slots = [1, 2, 3, 4].map((at) => paused(at))
    expect(idleForStems([...slots, aSlotView({ phase: 'removing' })])).to.equal(undefined)
  })
})
