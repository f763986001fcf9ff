import { expect } from 'chai'
import { isTooDeep, maxDepth } from '../../../invoker/domain/json-depth.ts'

const nested = (depth: number, open = '[', close = ']') => open.repeat(depth) + close.repeat(depth)

describe('isTooDeep()', () => {
  it('accepts the deepest text that OpenWhisk reads', () => {
    expect(isTooDeep(`${nested(maxDepth)}${' '.repeat(10)}`)).to.equal(false)
  })

  it('refuses one level more, of arrays or objects', () => {
    expect(isTooDeep(nested(maxDepth + 1))).to.equal(true)
    expect(isTooDeep(`${'{"a":'.repeat(maxDepth + 1)}1${'}'.repeat(maxDepth + 1)}`)).to.equal(true)
  })

  it('does not count brackets in strings, whatever is escaped in them', () => {
    const strings = [nested(maxDepth + 1), `\\" ${'['.repeat(3_000)}`, '\\\\']
    expect(isTooDeep(JSON.stringify([...strings, 'x'.repeat(3_000)]))).to.equal(false)
    expect(isTooDeep(`["\\\\",${nested(maxDepth)}]`)).to.equal(true)
  })

  it('counts depth, not brackets', () => {
    expect(isTooDeep(`[${Array(2_000).fill('[]').join()}]`)).to.equal(false)
  })

  it('does not hang on a string that does not end', () => {
    expect(isTooDeep(`"${'a'.repeat(3_000)}`)).to.equal(false)
  })
})
