import { expect } from 'chai'
import { mergeKeyValues, readKeyValues, sizeOf } from '../../../deploy/standalone/key-values.ts'
import type { Json } from '../../../invoker/domain/json.ts'

describe('readKeyValues()', () => {
  it('keeps what is known of a pair, and false for init is none', () => {
    const pairs = [
      { key: 'a', value: null, init: true, foo: 1 },
      { key: '', value: [1], init: false },
      { key: 'b', value: 'x', encryption: 'aes-128' },
    ]
    expect(readKeyValues(pairs)).to.deep.equal([
      { key: 'a', value: null, init: true },
      { key: '', value: [1] },
      { key: 'b', value: 'x', encryption: 'aes-128' },
    ])
  })

  it('takes the last of equal keys', () => {
    expect(readKeyValues([1, 2].map((value) => ({ key: 'a', value })))).to.deep.equal([{ key: 'a', value: 2 }])
  })

  const wrong: readonly Json[] = [{}, 'x', [1], [{ key: 'a' }], [{ value: 1 }], [{ key: 1, value: 1 }]]
  for (const value of [...wrong, [{ key: 'a', value: 1, init: 'x' }], [{ key: 'a', value: 1, encryption: 1 }]]) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      expect(() => readKeyValues(value)).to.throw('parameters malformed!')
    })
  }
})

describe('sizeOf()', () => {
  it('counts bytes of keys and of compact JSON', () => {
    expect(sizeOf([{ key: 'é', value: { a: 'x' } }])).to.equal(2 + 9)
  })
})

describe('mergeKeyValues()', () => {
  it('lets later lists win', () => {
    const merged = mergeKeyValues(
      [
        { key: 'a', value: 1 },
        { key: 'b', value: 1 },
      ],
      [{ key: 'a', value: 2 }],
    )
    expect(merged).to.have.deep.members([
      { key: 'a', value: 2 },
      { key: 'b', value: 1 },
    ])
  })
})
