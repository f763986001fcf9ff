import { expect } from 'chai'
import { DrawnValues } from '../../../../invoker/adapters/criu/drawn-values.ts'

describe('DrawnValues', () => {
  it('takes values that are new', () => {
    const values = new DrawnValues()
    values.add(['a', 'b'])
    values.add(['c'])
  })

  it('refuses a value that another copy drew, or that was drawn twice', () => {
    const values = new DrawnValues()
    values.add(['a', 'b'])
    expect(() => values.add(['c', 'b'])).to.throw('a random generator draws the same in two copies')
    expect(() => values.add(['d', 'd'])).to.throw('a random generator draws the same in two copies')
  })

  it('refuses to be told nothing', () => {
    const values = new DrawnValues()
    for (const nothing of [[], undefined, 'abc']) expect(() => values.add(nothing)).to.throw('did not say')
  })

  it('forgets the oldest of very many', () => {
    const values = new DrawnValues()
    for (let count = 0; count <= 10_000; count += 1) values.add([`${count}`])
    values.add(['0'])
    expect(() => values.add(['10000'])).to.throw('the same')
  })
})
