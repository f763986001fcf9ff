import { expect } from 'chai'
import { readStatus } from '../../../invoker/domain/process-end.ts'

describe('readStatus()', () => {
  it('reads exit codes and signals, core dumps too', () => {
    expect([0, 0x300, 9, 0x8b].map(readStatus)).to.deep.equal([
      { kind: 'exit', code: 0 },
      { kind: 'exit', code: 3 },
      { kind: 'signal', signal: 9 },
      { kind: 'signal', signal: 11 },
    ])
  })
})
