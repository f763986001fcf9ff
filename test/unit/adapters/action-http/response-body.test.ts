import { expect } from 'chai'
import { ResponseBody } from '../../../../invoker/adapters/action-http/response-body.ts'

const limits = { timeoutMs: 1, maxBytes: 10, truncationBytes: 4 }

function read(length: number, ...chunks: readonly string[]): unknown {
  const body = new ResponseBody(length, limits)
  for (const chunk of chunks) body.take(Buffer.from(chunk))
  return body.read()
}

describe('ResponseBody', () => {
  it('gives all of a body up to the limit', () => {
    expect(read(10, '01234', '56789')).to.deep.equal({ kind: 'answered', body: '0123456789' })
    expect(read(0)).to.deep.equal({ kind: 'answered', body: '' })
  })

  it('gives the first bytes of a longer one, and its real length', () => {
    expect(read(11, '01', '2345', '67890')).to.deep.equal({ kind: 'truncated', body: '0123', length: 11, maxBytes: 10 })
  })

  it('cuts by bytes, not characters', () => {
    expect(read(12, '☃☃☃☃')).to.deep.include({ kind: 'truncated', body: '☃\ufffd' })
  })
})
