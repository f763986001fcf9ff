import { expect } from 'chai'
import { desiredCount, expiredStems, presentCount, stemWishes } from '../../../invoker/pool/prewarm.ts'
import { aManifest } from '../../support/a-manifest.ts'
import { aSlotView, aStem } from '../../support/a-slot-view.ts'

const reactive = { minCount: 1, maxCount: 4, ttlMs: 60_000, threshold: 2, increment: 1 }

describe('stemWishes()', () => {
  it('lists what the manifest asks for, by kind and size', () => {
    const wishes = stemWishes(
      aManifest([
        { initialCount: 2, memory: '256 MB' },
        { initialCount: 1, memory: '128 MB' },
      ]),
    )
    expect(wishes.map(({ kind, memoryMb, cell }) => [kind, memoryMb, cell.initialCount])).to.deep.equal([
      ['nodejs:20', 256, 2],
      ['nodejs:20', 128, 1],
    ])
  })
})

describe('desiredCount()', () => {
  const counts: readonly [number, number][] = [
    [0, 1],
    [1, 1],
    [2, 1],
    [4, 2],
    [7, 3],
    [100, 4],
  ]
  for (const [coldStarts, wanted] of counts) {
    it(`wants ${wanted} after ${coldStarts} cold starts`, () => {
      expect(desiredCount({ initialCount: 9, memoryMb: 256, reactive }, coldStarts)).to.equal(wanted)
    })
  }

  it('stays at the initial count where nothing is reactive', () => {
    expect(desiredCount({ initialCount: 3, memoryMb: 256 }, 50)).to.equal(3)
  })
})

describe('presentCount()', () => {
  it('counts stem cells that wait or are being made, of the kind and the size', () => {
    const [wish] = stemWishes(aManifest([{ initialCount: 1, memory: '256 MB' }]))
    if (!wish) throw new Error('The manifest has no wish')
    const slots = [
      aStem(),
      aStem({ phase: 'starting' }),
      aStem({ memoryMb: 128 }),
      aStem({ kind: 'python:3' }),
      aStem({ phase: 'removing' }),
      aStem({ image: 'heavy' }),
      aSlotView({ phase: 'starting' }),
      aSlotView(),
    ]
    expect(presentCount(wish, slots)).to.equal(2)
  })
})

describe('expiredStems()', () => {
  it('gives the oldest first, and no more than the limit', () => {
    const slots = [
      aStem({ expiresAtMs: 5 }),
      aStem({ expiresAtMs: 3 }),
      aStem({ expiresAtMs: 11 }),
      aStem(),
      aSlotView(),
    ]
    expect(expiredStems(slots, 10, 9)).to.deep.equal([slots[1], slots[0]])
    expect(expiredStems(slots, 10, 1)).to.deep.equal([slots[1]])
  })
})
