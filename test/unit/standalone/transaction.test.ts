import type { IncomingMessage } from 'node:http'
import { expect } from 'chai'
import { transactionFrom } from '../../../deploy/standalone/transaction.ts'

const transaction = (headers: Record<string, string>): ReturnType<typeof transactionFrom> =>
  transactionFrom({ headers } as unknown as IncomingMessage, 5)

describe('transactionFrom()', () => {
  it("takes the client's id", () => {
    expect(transaction({ 'x-request-id': 'mine' }).wire).to.deep.equal(['mine', 5])
  })

  it('makes one where there is none, or one that only the system may have', () => {
    for (const headers of [{}, { 'x-request-id': '' }, { 'x-request-id': 'sid_invokerHealth' }]) {
      expect(transaction(headers as Record<string, string>).id).to.match(/^[A-Za-z0-9]{32}$/)
    }
  })

  it('notes the wish for more logging', () => {
    expect(transaction({ 'x-request-id': 'a', 'x-ow-extra-logging': 'on' }).wire).to.deep.equal(['a', 5, true])
  })
})
