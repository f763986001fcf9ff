import { expect } from 'chai'
import { Outstanding, readAck } from '../../bench/lib/outstanding.ts'

const result = JSON.stringify({
  transid: ['x', 1],
  response: { activationId: 'a', response: { statusCode: 0, result: {} } },
})
const completion = JSON.stringify({ transid: ['x', 1], activationId: 'a', isSystemError: false, instance: {} })

describe('readAck()', () => {
  it('tells acks apart by their fields, as a controller does', () => {
    expect(readAck(result)).to.deep.equal({ activationId: 'a', isResult: true, isCompletion: false, statusCode: 0 })
    expect(readAck(completion)).to.deep.equal({ activationId: 'a', isResult: false, isCompletion: true })
  })

  it('takes an ack with response and instance for both', () => {
    const combined = JSON.stringify({ response: 'a', instance: {} })
    expect(readAck(combined)).to.deep.equal({ activationId: 'a', isResult: true, isCompletion: true })
  })

  it('refuses what names no activation', () => {
    expect(() => readAck('{"transid":["x",1]}')).to.throw(SyntaxError)
  })
})

describe('Outstanding', () => {
  it('times both acks', async () => {
    const outstanding = new Outstanding()
    const acked = outstanding.add('a', 10)
    outstanding.ack(readAck(result), 13)
    outstanding.ack(readAck(completion), 17)
    expect(await acked).to.deep.equal({ sentAt: 10, resultAt: 13, completedAt: 17 })
  })

  it('does not let a failed activation pass for a fast one', async () => {
    const outstanding = new Outstanding()
    const acked = outstanding.add('a', 0)
    outstanding.ack(readAck(result.replace('"statusCode":0', '"statusCode":3')), 1)
    expect(await messageOf(acked)).to.equal('Cannot measure: activation a has status 3, not 0')
  })

  it('does not take a completion without a result', async () => {
    const outstanding = new Outstanding()
    const acked = outstanding.add('a', 0)
    outstanding.ack(readAck(completion), 1)
    expect(await messageOf(acked)).to.include('without a result')
  })

  it('ignores acks of others', async () => {
    const outstanding = new Outstanding()
    const acked = outstanding.add('b', 0)
    outstanding.ack(readAck(completion), 1)
    outstanding.failAll('it ends')
    expect(await messageOf(acked)).to.equal('it ends')
  })
})

async function messageOf(failing: Promise<unknown>): Promise<string> {
  return failing.then(
    () => 'it did not fail',
    (error: Error) => error.message,
  )
}
