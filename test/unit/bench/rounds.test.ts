import { expect } from 'chai'
import { alternate } from '../../bench/lib/rounds.ts'

describe('alternate()', () => {
  it('changes which side goes first from round to round', async () => {
    const order: string[] = []
    const side = (name: string) => async () => order.push(name)
    await alternate({ rounds: 3, baseline: side('floor'), subject: side('product') })
    expect(order).to.deep.equal(['floor', 'product', 'product', 'floor', 'floor', 'product'])
  })

  it('keeps the two measurements of a round together', async () => {
    let floor = 0
    let product = 100
    const rounds = await alternate({
      rounds: 2,
      baseline: async () => ++floor,
      subject: async () => ++product,
    })
    expect(rounds).to.deep.equal([
      { baseline: 1, subject: 101 },
      { baseline: 2, subject: 102 },
    ])
  })

  it('ends with the error of a side', async () => {
    const failing = alternate({ rounds: 1, baseline: () => Promise.reject(new Error('gone')), subject: async () => 1 })
    const error = await failing.catch((reason: unknown) => reason)
    expect(error).to.be.an('error').with.property('message', 'gone')
  })
})
