import { expect } from 'chai'
import type { Phase } from '../../../invoker/pool/phases.ts'
import { place, warmMatch } from '../../../invoker/pool/placement.ts'
import type { SlotView } from '../../../invoker/pool/slot-view.ts'
import { cold, prewarmed, type StartWay } from '../../../invoker/pool/start-ways.ts'
import { aDemand, aSlotView, aStem } from '../../support/a-slot-view.ts'
import { FakeContainers } from '../../support/fake-containers.ts'

const containers = new FakeContainers()
const ways: readonly StartWay[] = [prewarmed(), cold(containers)]
const demand = aDemand()

function placed(slots: readonly SlotView[], freeMb = 0, from = 0) {
  return place({ demand, firstWay: from }, { slots, freeMb }, { list: ways })
}

describe('warmMatch()', () => {
  it('takes a container of the same namespace and an equal action', () => {
    const slot = aSlotView()
    expect(warmMatch(demand, [slot])).to.equal(slot)
  })

  const strangers: readonly [string, SlotView][] = [
    ['another namespace', aSlotView({ owner: { namespace: 'other', actionKey: 'key', concurrency: 1 } })],
    ['another action', aSlotView({ owner: { namespace: 'guest', actionKey: 'other', concurrency: 1 } })],
    ['nobody', aStem()],
  ]
  for (const [whose, slot] of strangers) {
    it(`leaves a container of ${whose}`, () => expect(warmMatch(demand, [slot])).to.equal(undefined))
  }

  for (const phase of ['draining', 'removing', 'gone'] satisfies Phase[]) {
    it(`leaves a container that is ${phase}`, () => {
      expect(warmMatch(demand, [aSlotView({ phase })])).to.equal(undefined)
    })
  }

  it('respects the concurrency of the action', () => {
    const owner = { namespace: 'guest', actionKey: 'key', concurrency: 2 }
    const busy = aSlotView({ phase: 'busy', activeCount: 1, owner })
    expect(warmMatch(demand, [busy])).to.equal(busy)
    expect(warmMatch(demand, [aSlotView({ phase: 'busy', activeCount: 2, owner })])).to.equal(undefined)
  })

  it('prefers what answers soonest: ready before paused before starting', () => {
    const slots = (['starting', 'paused', 'ready', 'pausing'] satisfies Phase[]).map((phase) => aSlotView({ phase }))
    expect(warmMatch(demand, slots)?.phase).to.equal('ready')
    expect(warmMatch(demand, slots.slice(0, 2))?.phase).to.equal('paused')
  })

  it('prefers the last used of equals, so that the others grow old', () => {
    const slots = [3, 9, 5].map((lastUsedMs) => aSlotView({ lastUsedMs }))
    expect(warmMatch(demand, slots)?.lastUsedMs).to.equal(9)
  })
})

describe('place()', () => {
  it('reuses before it starts', () => {
    expect(placed([aStem(), aSlotView()], 1024).kind).to.equal('reuse')
  })

  it('takes the stem cell that expires first, of exactly the kind and the memory', () => {
    const stems = [
      aStem(),
      aStem({ expiresAtMs: 9 }),
      aStem({ expiresAtMs: 5 }),
      aStem({ expiresAtMs: 1, memoryMb: 512 }),
      aStem({ expiresAtMs: 1, kind: 'python:3' }),
      aStem({ expiresAtMs: 1, phase: 'starting' }),
      aStem({ expiresAtMs: 1, image: 'heavy' }),
    ]
    expect(placed(stems, 1024)).to.deep.include({ way: ways[0], offer: { kind: 'take', slot: stems[2] } })
  })

  it('starts cold when memory is free', () => {
    expect(placed([], 256)).to.deep.include({ kind: 'start', way: ways[1], index: 1 })
  })

  it('skips the ways that failed for the job', () => {
    expect(placed([aStem()], 256, 1)).to.deep.include({ way: ways[1] })
  })

  it('tries a further way in its turn', () => {
    const third: StartWay = { ...cold(containers), name: 'restored' }
    const found = place(
      { demand, firstWay: 0 },
      { slots: [], freeMb: 256 },
      { list: [prewarmed(), third, cold(containers)] },
    )
    expect(found).to.deep.include({ way: third, index: 1 })
  })

  it('waits when everything is busy, and says how much is missing', () => {
    const busy = aSlotView({ phase: 'busy', activeCount: 1 })
    expect(placed([busy], 100)).to.deep.equal({ kind: 'wait', shortByMb: 156 })
  })
})
