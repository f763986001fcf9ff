import { expect } from 'chai'
import { parseJson } from '../../../deploy/standalone/json-text.ts'
import { RestError } from '../../../deploy/standalone/rest-error.ts'

describe('parseJson()', () => {
  it('gives the value', () => {
    expect(parseJson(' {"a":[1,null]} ')).to.deep.equal({ a: [1, null] })
  })

  it('takes what nests 1000 deep and refuses what is deeper, however deep', () => {
    parseJson('['.repeat(1000) + ']'.repeat(1000))
    for (const depth of [1001, 200_000]) {
      expect(() => parseJson('['.repeat(depth) + ']'.repeat(depth))).to.throw(RestError, /nested too deeply/)
    }
    expect(() => parseJson('['.repeat(200_000))).to.throw(RestError, /Unexpected end-of-input/)
  })
})
