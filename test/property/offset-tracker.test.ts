import fc from 'fast-check'
import { OffsetTracker } from '../../invoker/adapters/kafka/offset-tracker.ts'

/** Offsets that rise with gaps, and an order in which they become done; some never do. */
const history = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 60 })
  .map((steps) => steps.map((_, index) => steps.slice(0, index + 1).reduce((sum, step) => sum + step, 0)))
  .chain((offsets) => fc.record({ offsets: fc.constant(offsets), ends: fc.shuffledSubarray(offsets) }))

/** The offset after the last one that is done with all before it; 0 when there is none. */
function afterDone(offsets: readonly number[], done: ReadonlySet<number>): number {
  const open = offsets.findIndex((offset) => !done.has(offset))
  const last = offsets.slice(0, open === -1 ? offsets.length : open).at(-1)
  return last === undefined ? 0 : last + 1
}

describe('OffsetTracker, whatever the order', () => {
  it('never commits beyond an offset that is not done, and everything up to it', () => {
    fc.assert(
      fc.property(history, ({ offsets, ends }) => {
        const tracker = new OffsetTracker()
        for (const offset of offsets) tracker.take(offset)
        const done = new Set<number>()
        for (const offset of ends) {
          tracker.done(offset)
          done.add(offset)
          if ((tracker.toCommit() ?? 0) !== afterDone(offsets, done)) return false
        }
        return true
      }),
    )
  })

  it('gives out each offset once, however the broker repeats itself after rebalances', () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat(59), { maxLength: 8 }), ({ offsets }, rewinds) => {
        const tracker = new OffsetTracker()
        const given: number[] = []
        for (const from of [0, ...rewinds]) {
          for (const offset of offsets.slice(from)) if (tracker.take(offset)) given.push(offset)
        }
        return given.length === offsets.length && given.every((offset, index) => offset === offsets[index])
      }),
    )
  })
})
