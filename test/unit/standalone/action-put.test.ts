import { expect } from 'chai'
import { type ActionPut, readActionPut } from '../../../deploy/standalone/action-put.ts'
import type { Json } from '../../../invoker/domain/json.ts'
import { recordedManifest } from '../../support/rest-server.ts'

const manifest = recordedManifest()
const exec = { kind: 'nodejs:20', code: 'x' }

function read(body: Json, beforeRest = (): void => undefined): ActionPut {
  return readActionPut(body, { manifest, sizes: { codeBytes: 10, parameterBytes: 20 }, beforeRest })
}

describe('readActionPut()', () => {
  it('leaves what is absent or null undefined', () => {
    expect(read({ exec: null, publish: null })).to.deep.equal({
      exec: undefined,
      parameters: undefined,
      annotations: undefined,
      limits: undefined,
      version: undefined,
      publish: undefined,
      delAnnotations: [],
    })
  })

  it('tells of what is too large', () => {
    expect(() => read({ exec: { ...exec, code: 'x'.repeat(11) } })).to.throw('exec larger than allowed: 11 > 10 bytes.')
    const large = [{ key: 'a', value: 'x'.repeat(20) }]
    expect(() => read({ parameters: large })).to.throw('parameters larger than allowed: 23 > 20 bytes.')
    expect(() => read({ annotations: large })).to.throw('annotations larger than allowed: 23 > 20 bytes.')
  })

  it('judges code, parameters and annotations, then the query, then the rest', () => {
    const query = (): never => {
      throw new Error('the query')
    }
    expect(() => read({ version: 'abc', annotations: {}, exec: 'x' }, query)).to.throw('JSON object expected')
    expect(() => read({ version: 'abc', annotations: {}, exec }, query)).to.throw('parameters malformed!')
    expect(() => read({ version: 'abc', limits: 'x', exec }, query)).to.throw('the query')
    expect(() => read({ version: 'abc', limits: 'x', exec })).to.throw("Object expected in field 'timeout'")
    expect(() => read({ version: 'abc', publish: 'yes', exec })).to.throw('semantic version malformed')
    expect(() => read({ publish: 'yes', delAnnotations: 1 })).to.throw('Expected JsBoolean, but got "yes"')
    expect(() => read({ delAnnotations: [1] })).to.throw('Expected String as JsString, but got 1')
  })

  it('refuses a body that is no object', () => {
    expect(() => read([])).to.throw("Object expected in field 'exec'")
  })
})
