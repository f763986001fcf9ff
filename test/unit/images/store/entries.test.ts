import { expect } from 'chai'
import { hasMore, liveKey, sizedKey, united, withoutSize } from '../../../../invoker/images/store/entries.ts'

const one = { module: 'torch', distribution: 'torch', ms: 10 }
const other = { module: 'numpy', distribution: 'numpy', ms: 20 }

describe('Entries of the database of images', () => {
  it('unites imports in the order in which they became known, with the last time of each', () => {
    expect(united([one, other], [{ ...one, ms: 30 }])).to.deep.equal([{ ...one, ms: 30 }, other])
    expect(united([], [other, one])).to.deep.equal([other, one])
  })

  it('takes nothing for news that differs in its times only', () => {
    expect(hasMore([one, other], [{ ...one, ms: 99 }])).to.equal(false)
    expect(hasMore([one], [one, other])).to.equal(true)
    expect(hasMore([one], [{ ...one, distribution: 'torch-cpu' }])).to.equal(true)
  })

  it('tells live images apart by namespace and size', () => {
    expect(liveKey('id')).to.equal('id')
    expect(liveKey('id', 'guest')).to.equal('id@guest')
    expect(withoutSize(sizedKey(liveKey('id', 'guest'), 512))).to.equal('id@guest')
    expect(withoutSize('id@guest')).to.equal('id@guest')
  })
})
