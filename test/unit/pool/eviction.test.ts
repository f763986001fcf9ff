import { expect } from 'chai'
import fc from 'fast-check'
import { makeRoom } from '../../../invoker/pool/eviction.ts'
import type { SlotView } from '../../../invoker/pool/slot-view.ts'
import { aSlotView, aStem } from '../../support/a-slot-view.ts'

describe('makeRoom()', () => {
  const idle = (lastUsedMs: number, changes: Partial<SlotView> = {}) =>
    aSlotView({ lastUsedMs, owner: { namespace: 'x', actionKey: 'x', concurrency: 1 }, ...changes })
  const warm = (memoryMb = 2, changes: Partial<SlotView> = {}) => aStem({ image: 'heavy', memoryMb, ...changes })
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

  describe('with stem cells of images', () => {
    it('takes them before work waits, also while other containers are busy', () => {
      const slots = [busy, warm(), warm(), warm()]
      expect(makeRoom({ neededMb: 4 }, { slots, freeMb: 0 })).to.deep.equal({
        kind: 'evict',
        slots: [slots[1], slots[2]],
      })
    })

    it('takes those that are still being made, but not those that a job waits for', () => {
      const making = warm(2, { phase: 'starting' })
      expect(makeRoom({ neededMb: 2 }, { slots: [busy, making], freeMb: 0 }).kind).to.equal('evict')
      const owned = { ...making, owner: { namespace: 'x', actionKey: 'x', concurrency: 1 } }
      expect(makeRoom({ neededMb: 2 }, { slots: [busy, owned], freeMb: 0 }).kind).to.equal('wait')
    })

    it('takes one stem cell rather than one idle container, and one idle container rather than many stem cells', () => {
      const stem = warm()
      expect(makeRoom({ neededMb: 2 }, { slots: [idle(1), stem], freeMb: 0 })).to.deep.equal({
        kind: 'evict',
        slots: [stem],
      })
      const warmContainer = idle(1)
      const many = [warmContainer, ...Array.from({ length: 9 }, () => warm())]
      expect(makeRoom({ neededMb: 18 }, { slots: many, freeMb: 0 })).to.deep.equal({
        kind: 'evict',
        slots: [warmContainer],
      })
    })

    it('fills a small gap with stem cells, the largest first', () => {
      const slots = [warm(2), idle(2), warm(8), idle(1)]
      expect(makeRoom({ neededMb: 260 }, { slots, freeMb: 0 })).to.deep.equal({
        kind: 'evict',
        slots: [slots[3], slots[2]],
      })
    })

    it("leaves the one that the room is for, and the manifest's stem cells then", () => {
      const keep = warm()
      expect(makeRoom({ neededMb: 254, keep }, { slots: [keep, aStem()], freeMb: 252 }).kind).to.equal('wait')
      expect(makeRoom({ neededMb: 254 }, { slots: [keep, aStem()], freeMb: 252 })).to.deep.equal({
        kind: 'evict',
        slots: [keep],
      })
    })

    it('takes nothing when all of them do not suffice', () => {
      expect(makeRoom({ neededMb: 256 }, { slots: [busy, warm(), warm()], freeMb: 0 })).to.deep.equal({
        kind: 'wait',
        shortByMb: 256,
      })
    })

    it("takes the manifest's too when the job would wait for ever", () => {
      const slots = [aStem(), warm(), idle(1)]
      expect(makeRoom({ neededMb: 513 }, { slots, freeMb: 0 })).to.deep.equal({
        kind: 'evict',
        slots: [slots[2], slots[1], slots[0]],
      })
    })
  })

  describe('compared with every other choice', () => {
    const containers = fc.array(fc.constantFrom(128, 256, 512), { maxLength: 4 })
    const stems = fc.array(fc.constantFrom(1, 2, 8), { maxLength: 5 })

    it('never takes more containers than needed, and always enough', () => {
      fc.assert(
        fc.property(containers, stems, fc.integer({ min: 1, max: 1_600 }), (idles, stemMbs, neededMb) => {
          const slots = [
            ...idles.map((memoryMb, at) => idle(at, { memoryMb })),
            ...stemMbs.map((memoryMb) => warm(memoryMb)),
            busy,
          ]
          const total = [...idles, ...stemMbs].reduce((sum, mb) => sum + mb, 0)
          const room = makeRoom({ neededMb }, { slots, freeMb: 0 })
          expect(room.kind).to.equal(total >= neededMb ? 'evict' : 'wait')
          if (room.kind !== 'evict') return
          const takenMb = room.slots.reduce((sum, { memoryMb }) => sum + memoryMb, 0)
          expect(takenMb).to.be.at.least(neededMb)
          for (const one of room.slots.filter(({ image }) => image !== undefined)) {
            expect(takenMb - one.memoryMb, 'without one of the stem cells').to.be.below(neededMb)
          }
          expect(room.slots.length).to.be.at.most(fewestByHand(idles, { stemMbs, neededMb }))
        }),
      )
    })
  })

  function fewestByHand(
    idles: readonly number[],
    { stemMbs, neededMb }: { readonly stemMbs: readonly number[]; readonly neededMb: number },
  ): number {
    const largest = stemMbs.toSorted((a, b) => b - a)
    let best = Infinity
    for (let a = 0; a <= idles.length; a += 1) {
      for (let b = 0; b <= largest.length; b += 1) {
        const mb = [...idles.slice(0, a), ...largest.slice(0, b)].reduce((sum, one) => sum + one, 0)
        if (mb >= neededMb) best = Math.min(best, a + b)
      }
    }
    return best
  }
})
