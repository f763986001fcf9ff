import { expect } from 'chai'
import { Gate } from '../../../invoker/activation/gate.ts'

describe('Gate', () => {
  it('tells when the last one has left', async () => {
    const gate = new Gate()
    await gate.empty()
    gate.enter()
    gate.enter()
    let isEmpty = false
    const waiting = gate.empty().then(() => {
      isEmpty = true
    })
    gate.leave()
    await Promise.resolve()
    expect([isEmpty, gate.size]).to.deep.equal([false, 1])
    gate.leave()
    await waiting
    expect(isEmpty).to.equal(true)
  })
})
