import { expect } from 'chai'
import { Lines } from '../../../../invoker/adapters/fork/lines.ts'

describe('Lines', () => {
  it('puts lines together, however they are cut', () => {
    const lines = new Lines()
    const given = ['on', 'e\ntwo\nth', '', 'ree\n'].flatMap((text) => lines.push(text))
    expect(given).to.deep.equal(['one', 'two', 'three'])
  })

  it('refuses a line without an end', () => {
    const lines = new Lines()
    const push = (): void => {
      for (let time = 0; time < 5; time += 1) lines.push('x'.repeat(1 << 20))
    }
    expect(push).to.throw('longer than')
  })
})
