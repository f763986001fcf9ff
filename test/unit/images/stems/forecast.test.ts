import { expect } from 'chai'
import { forecastStems, type StemBounds, type StemDemand } from '../../../../invoker/images/stems/forecast.ts'

const MB = 1024 * 1024

function demand(key: string, more: Partial<StemDemand> = {}): StemDemand {
  const rates = { recentPerSecond: 0.01, usualPerSecond: 0.01, burst: 1, makeMs: 50 }
  return { key, ...rates, heldBytes: 2 * MB, pinned: 0, savedMs: 1000, ...more }
}

const stems = (demands: readonly StemDemand[], bounds: Partial<StemBounds> = {}) =>
  Object.fromEntries(forecastStems(demands, { perImage: 16, budgetBytes: 64 * MB, ...bounds }))

describe('forecastStems()', () => {
  it('keeps one for the next cold start', () => {
    expect(stems([demand('a')])).to.deep.equal({ a: 1 })
  })

  it('keeps none of what starts less than once a day', () => {
    expect(stems([demand('a', { recentPerSecond: 0, usualPerSecond: 0.5 / 86_400 })])).to.deep.equal({})
  })

  it('keeps more where more come while one is made', () => {
    const busy = stems([demand('a', { recentPerSecond: 20 })]).a
    expect(busy).to.be.within(4, 6)
    expect(stems([demand('a', { recentPerSecond: 20, makeMs: 200 })]).a).to.be.above(busy ?? 0)
    expect(stems([demand('a', { recentPerSecond: 1000, makeMs: 200 })])).to.deep.equal({ a: 16 })
  })

  it('keeps as many as came at once lately', () => {
    expect(stems([demand('a', { burst: 7 })])).to.deep.equal({ a: 7 })
    expect(stems([demand('a', { burst: 100 })])).to.deep.equal({ a: 16 })
  })

  it('keeps what the manifest asks for, before all others and above the usual most', () => {
    const pinned = demand('pinned', { usualPerSecond: 0, recentPerSecond: 0, pinned: 20 })
    expect(stems([demand('a', { burst: 16 }), pinned], { budgetBytes: 44 * MB })).to.deep.equal({ pinned: 20, a: 2 })
  })

  it('stays within the budget, and keeps first what saves most for its memory', () => {
    const heavy = demand('heavy', { savedMs: 3000, burst: 3 })
    const light = demand('light', { savedMs: 60, burst: 3 })
    expect(stems([light, heavy], { budgetBytes: 2 * MB })).to.deep.equal({ heavy: 1 })
    expect(stems([light, heavy], { budgetBytes: 4 * MB })).to.deep.equal({ heavy: 1, light: 1 })
    expect(stems([light, demand('fat', { heldBytes: 65 * MB })])).to.deep.equal({ light: 3 })
  })
})
