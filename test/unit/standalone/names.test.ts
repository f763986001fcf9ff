import { expect } from 'chai'
import { activationIdOf, entityName, namespaceName } from '../../../deploy/standalone/names.ts'

describe('entityName()', () => {
  for (const name of ['a', '_', '9', 'a b', 'a@b.c&d-e', 'x'.repeat(256)]) {
    it(`takes "${name.slice(0, 20)}"`, () => {
      expect(entityName(name)).to.equal(name)
    })
  }

  for (const name of ['-a', '.a', ' a', 'a ', 'a/b', 'a!', 'ä', '日本', '@a', 'a\n']) {
    it(`refuses ${JSON.stringify(name)}`, () => {
      expect(() => entityName(name)).to.throw('The name of the entity contains illegal characters.')
    })
  }

  it('speaks of the length where that is wrong', () => {
    expect(() => entityName('x'.repeat(257))).to.throw('Name segement longer than allowed: 257 > 256.')
  })
})

describe('namespaceName()', () => {
  it("takes _ for the caller's own", () => {
    expect(namespaceName('_', 'guest')).to.equal('guest')
    expect(namespaceName('other', 'guest')).to.equal('other')
  })

  it('refuses what is no name', () => {
    expect(() => namespaceName('a!', 'guest')).to.throw('The namespace contains illegal characters.')
    expect(() => namespaceName('x'.repeat(257), 'guest')).to.throw('Namespace longer than allowed: 257 > 256.')
  })
})

describe('activationIdOf()', () => {
  it('speaks of the length first', () => {
    expect(() => activationIdOf('xyz')).to.throw('Activation id length is 3 but must be 32.')
    expect(() => activationIdOf('Z'.repeat(32))).to.throw('The activation id is not valid.')
    expect(activationIdOf('0123456789abcdef'.repeat(2))).to.have.length(32)
  })
})
