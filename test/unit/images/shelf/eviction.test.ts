import { expect } from 'chai'
import { chooseEvictions, type EvictionNeed, type ShelfView } from '../../../../invoker/images/shelf/eviction.ts'

const hour = 3_600_000
const now = 100 * hour

function image(key: string, more: Partial<ShelfView> = {}): ShelfView {
  const idle = { restoring: 0, lastUsedMs: now, builtMs: now - 10 * hour }
  return { key, residentBytes: 100, isPinned: false, savedSecondsPerDay: 10, ...idle, ...more }
}

const evict = (images: readonly ShelfView[], need: Partial<EvictionNeed> = {}) =>
  chooseEvictions(images, { nowMs: now, budgetBytes: 250, isPressed: false, ...need })

describe('chooseEvictions()', () => {
  it('drops nothing within the budget', () => {
    expect(evict([image('a'), image('b')])).to.deep.equal([])
  })

  it('drops what saves least for its bytes', () => {
    expect(evict([image('a', { savedSecondsPerDay: 5 }), image('b'), image('c')])).to.deep.equal(['a'])
    expect(evict([image('a'), image('b', { residentBytes: 200 })])).to.deep.equal(['b'])
  })

  it('drops what was not used for long before what was', () => {
    const old = image('old', { savedSecondsPerDay: 100, lastUsedMs: now - 9 * hour })
    expect(evict([image('a'), old, image('b')])).to.deep.equal(['old'])
  })

  it('gives a new image time to be used', () => {
    const fresh = image('new', { savedSecondsPerDay: 1, lastUsedMs: 0, builtMs: now })
    expect(evict([image('a', { savedSecondsPerDay: 3, lastUsedMs: now - 2 * hour }), fresh, image('b')])).to.deep.equal(
      ['a'],
    )
  })

  it('never drops one under restore, and pinned ones only when activations wait, last', () => {
    const images = [
      image('busy', { restoring: 1, savedSecondsPerDay: 0 }),
      image('pinned', { isPinned: true, savedSecondsPerDay: 0 }),
      image('a'),
    ]
    expect(evict(images, { budgetBytes: 0 })).to.deep.equal(['a'])
    expect(evict(images, { budgetBytes: 0, isPressed: true })).to.deep.equal(['a', 'pinned'])
    expect(evict(images, { budgetBytes: 200, isPressed: true })).to.deep.equal(['a'])
  })

  it('keeps a small one that would go in vain', () => {
    const small = image('small', { residentBytes: 10, savedSecondsPerDay: 0 })
    const big = image('big', { residentBytes: 300, savedSecondsPerDay: 1 })
    expect(evict([small, big, image('a')])).to.deep.equal(['big'])
  })
})
