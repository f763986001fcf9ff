import { expect } from 'chai'
import { maxInFlight } from '../../../invoker/activation/max-in-flight.ts'

describe('maxInFlight()', () => {
  const rows: readonly [Parameters<typeof maxInFlight>[0], number][] = [
    [{ userMemoryMb: 1_024, leastMemoryMb: 128, maxConcurrency: 1, peekFactor: 0.5 }, 8],
    [{ userMemoryMb: 1_024, leastMemoryMb: 128, maxConcurrency: 5, peekFactor: 0.5 }, 20],
    [{ userMemoryMb: 1_000, leastMemoryMb: 128, maxConcurrency: 3, peekFactor: 0.5 }, 10],
    [{ userMemoryMb: 64, leastMemoryMb: 128, maxConcurrency: 1, peekFactor: 1 }, 1],
  ]
  for (const [of, wanted] of rows) {
    it(`takes ${wanted} for ${JSON.stringify(of)}`, () => expect(maxInFlight(of)).to.equal(wanted))
  }
})
