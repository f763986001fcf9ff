import { expect } from 'chai'
import { nextVersion, readVersion } from '../../../deploy/standalone/version.ts'

describe('readVersion()', () => {
  it('fills up with zeros', () => {
    expect(['1', '1.2', '1.2.3', '1.2.3.4', '1.'].map((text) => readVersion(text))).to.deep.equal([
      '1.0.0',
      '1.2.0',
      '1.2.3',
      '1.2.3',
      '1.0.0',
    ])
    expect(readVersion(null)).to.equal(undefined)
  })

  for (const value of ['', 'abc', '0.0.0', '-1.0.0', '1..2', '1.x', '99999999999', 1, true]) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      expect(() => readVersion(value)).to.throw('semantic version malformed')
    })
  }
})

describe('nextVersion()', () => {
  it('raises the last number', () => {
    expect(nextVersion('1.2.9')).to.equal('1.2.10')
  })
})
