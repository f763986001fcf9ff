import { expect } from 'chai'
import { inTurn } from '../../../../invoker/adapters/kafka/partitioner.ts'

const partition = (partitionId: number) => ({ partitionId, partitionErrorCode: 0, leader: 1, replicas: [], isr: [] })
const message = { value: 'x' }

describe('inTurn()', () => {
  it('always takes the only partition', () => {
    const choose = inTurn()
    const partitionMetadata = [partition(0)]
    expect([1, 2, 3].map(() => choose({ topic: 't', partitionMetadata, message }))).to.deep.equal([0, 0, 0])
  })

  it('takes several in turn', () => {
    const choose = inTurn()
    const partitionMetadata = [partition(0), partition(1)]
    expect([1, 2, 3, 4].map(() => choose({ topic: 't', partitionMetadata, message }))).to.deep.equal([1, 0, 1, 0])
  })
})
