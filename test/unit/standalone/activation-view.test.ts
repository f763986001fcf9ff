import { expect } from 'chai'
import { activationView, httpStatus, invokedView } from '../../../deploy/standalone/activation-view.ts'
import type { WhiskActivation } from '../../../invoker/domain/activation.ts'
import { newActivationId } from '../../../invoker/domain/ids.ts'

function record(changes: Partial<WhiskActivation> = {}): WhiskActivation {
  return {
    namespace: 'guest',
    name: 'hello',
    subject: 'guest',
    activationId: newActivationId(),
    start: 10,
    end: 15,
    response: { statusCode: 0, result: { a: 1 }, size: 7 },
    logs: ['line'],
    version: '0.0.1',
    publish: false,
    annotations: [],
    ...changes,
  }
}

describe('activationView()', () => {
  it('words the response and fills in the duration', () => {
    expect(activationView(record())).to.deep.include({
      duration: 5,
      response: { result: { a: 1 }, size: 7, status: 'success', success: true },
    })
    expect(activationView(record({ duration: 3 }))).to.deep.include({ duration: 3 })
  })

  it('shows neither end nor duration of a trigger', () => {
    expect(activationView(record({ end: 0 }))).to.not.have.any.keys('end', 'duration')
  })

  it('leaves out what the response has not', () => {
    const view = activationView(record({ response: { statusCode: 2 } }))
    expect(view).to.deep.include({ response: { status: 'action developer error', success: false } })
  })
})

describe('invokedView()', () => {
  it('gives the result where it is wanted, an empty object for none, and an array always bare', () => {
    expect(invokedView(record(), true)).to.deep.equal({ a: 1 })
    expect(invokedView(record({ response: { statusCode: 3 } }), true)).to.deep.equal({})
    expect(invokedView(record({ response: { statusCode: 0, result: [1] } }), false)).to.deep.equal([1])
    expect(invokedView(record(), false)).to.have.property('activationId')
  })
})

describe('httpStatus', () => {
  it("is 502 for what is the action's fault, 500 for what is ours", () => {
    expect([0, 1, 2, 3].map((code) => httpStatus[code as 0 | 1 | 2 | 3])).to.deep.equal([200, 502, 502, 500])
  })
})
