import { expect } from 'chai'
import { Attempts } from '../../../../invoker/images/build/attempts.ts'

describe('Attempts', () => {
  it('waits longer after each failure, up to ten minutes', () => {
    const attempts = new Attempts()
    const waits = Array.from({ length: 30 }, () => attempts.failed('a', 1000))
    expect(waits[0]).to.be.within(500, 1000)
    expect(waits[5]).to.be.within(16_000, 32_000)
    expect(Math.max(...waits)).to.be.within(300_000, 600_000)
    expect(attempts.notBeforeMs('a')).to.be.greaterThan(300_000)
    expect(attempts.notBeforeMs('b')).to.equal(0)
  })

  it('remembers failures of what went well once, until it is forgotten', () => {
    const attempts = new Attempts()
    for (let n = 0; n < 5; n += 1) attempts.failed('a', 0)
    attempts.succeeded('a')
    expect(attempts.notBeforeMs('a')).to.equal(0)
    expect(attempts.failed('a', 0)).to.be.greaterThan(10_000)
    attempts.forget('a')
    expect(attempts.failed('a', 0)).to.be.at.most(1000)
  })
})
