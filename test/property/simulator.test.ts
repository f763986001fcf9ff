import fc from 'fast-check'
import { keepAliveAlone, sharedImages } from '../bench/cache/policies.ts'
import { type SetCosts, simulate, type World } from '../bench/cache/simulator.ts'

const ms = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max })
const mb = fc.integer({ min: 1, max: 300 })
const start = fc.record({ startMs: ms(3000), containerMb: mb })
const costs: fc.Arbitrary<SetCosts> = fc.record({
  cold: start,
  restored: start,
  stem: start,
  imageMb: mb,
  stemMb: mb,
  refillMs: ms(100),
  runMs: ms(1000),
})
const world: fc.Arbitrary<World> = fc.record({
  functions: fc.constant(Array.from({ length: 5 }, (_, index) => ({ perMinute: 0.1, set: index % 2 }))),
  arrivals: fc
    .array(fc.record({ atMs: ms(3_600_000), function: fc.integer({ min: 0, max: 4 }) }), { maxLength: 60 })
    .map((list) => list.toSorted((a, b) => a.atMs - b.atMs)),
  costs: fc.tuple(costs, costs),
  memoryMb: fc.integer({ min: 100, max: 5000 }),
  keepAliveMs: ms(1_800_000),
})

describe('the simulator, whatever the load', () => {
  it('counts each arrival once at most, and only starts as waiting', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 0, max: 4 }), (one, stems) => {
        const policy = sharedImages(one, one.memoryMb, stems)
        const { arrivals, coldStarts, fromImage, waitedSeconds } = simulate(one, policy)
        const longestMs = Math.max(
          ...one.costs.flatMap(({ cold, restored, stem }) => [cold, restored, stem].map(startOf)),
        )
        return (
          arrivals === one.arrivals.length &&
          coldStarts <= arrivals &&
          fromImage <= coldStarts &&
          waitedSeconds <= (coldStarts * longestMs) / 1000
        )
      }),
    )
  })

  it('starts each function that is called at least once', () => {
    fc.assert(
      fc.property(world, (one) => {
        const called = new Set(one.arrivals.map((arrival) => arrival.function))
        return simulate(one, keepAliveAlone(one)).coldStarts >= called.size
      }),
    )
  })

  it('does not start less often when all containers are kept for no time', () => {
    fc.assert(
      fc.property(world, (one) => {
        const policy = keepAliveAlone(one)
        const kept = simulate({ ...one, memoryMb: Infinity }, policy).coldStarts
        return simulate({ ...one, memoryMb: Infinity, keepAliveMs: 0 }, policy).coldStarts >= kept
      }),
    )
  })
})

function startOf({ startMs }: { readonly startMs: number }): number {
  return startMs
}
