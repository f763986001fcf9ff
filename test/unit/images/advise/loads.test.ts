import { expect } from 'chai'
import { type Load, mergeLoads } from '../../../../invoker/images/advise/loads.ts'
import { aWant } from '../../../support/an-inventory.ts'

const load = (imports: Readonly<Record<string, number>>, startsPerDay: number, more: Partial<Load> = {}): Load => {
  return { want: aWant(imports), namespace: '', startsPerDay, ...more }
}
const inShort = ({ want, startsPerDay }: Load) => [Object.fromEntries(want.distributions), startsPerDay] as const

describe('mergeLoads()', () => {
  it('takes loads of the same modules as one, at their mean times', () => {
    const [merged, ...others] = mergeLoads([load({ a: 100, b: 10 }, 3), load({ b: 20, a: 200 }, 1)])
    expect(others).to.deep.equal([])
    expect(merged && inShort(merged)).to.deep.equal([{ a: 125, b: 12.5 }, 4])
  })

  it('puts the largest first: what waits most in a day', () => {
    const merged = mergeLoads([load({ a: 10 }, 100), load({ b: 1000 }, 2), load({}, 50)])
    expect(merged.map(inShort)).to.deep.equal([
      [{ b: 1000 }, 2],
      [{ a: 10 }, 100],
      [{}, 50],
    ])
  })

  it('keeps apart what differs in more than time', () => {
    const one = load({ a: 10 }, 1)
    const others = [
      load({ a: 10, b: 1 }, 1),
      load({ a: 10 }, 1, { namespace: 'other' }),
      load({ a: 10 }, 1, { want: aWant({ a: 10 }, { kind: 'python:3.11' }) }),
      load({ a: 10 }, 1, { want: aWant({ a: 10 }, { runtimeBuild: 'other' }) }),
      load({ a: 10 }, 1, { want: aWant({ a: 10 }, { provides: new Set(['b']) }) }),
      load({ a: 10 }, 1, { want: aWant({ a: 10 }, { provides: 'unknown' }) }),
    ]
    expect(mergeLoads([one, ...others])).to.have.length(7)
  })

  it('takes loads that never start too', () => {
    expect(mergeLoads([load({ a: 10 }, 0), load({ a: 20 }, 0)]).map(inShort)).to.deep.equal([[{ a: 15 }, 0]])
  })
})
