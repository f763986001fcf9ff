import { expect } from 'chai'
import { imageName } from '../../../deploy/standalone/image-name.ts'

describe('imageName()', () => {
  for (const name of [
    'img',
    'me/img',
    'me/img:tag',
    'reg.example.org:5000/me/img:1.0',
    'a/b/c/d',
    'my__img',
    'a.b-c_d',
  ]) {
    it(`takes "${name}"`, () => {
      expect(imageName(name)).to.equal(name)
    })
  }

  it('shows an image without its digest', () => {
    expect(imageName(`me/img@sha256:${'a'.repeat(64)}`)).to.equal('me/img')
    expect(imageName(`me/img:1@sha256:${'a'.repeat(64)}`)).to.equal('me/img:1')
  })

  for (const name of [
    '',
    '/me/img',
    'UPPER/Img',
    'a b',
    'me/',
    'me/img:',
    'me/img@sha256:12',
    '../x',
    'a'.repeat(600),
  ]) {
    it(`refuses "${name.slice(0, 20)}"`, () => {
      expect(() => imageName(name)).to.throw('could not parse image name')
    })
  }

  it('judges a hostile name at once', () => {
    const before = process.cpuUsage().user
    expect(() => imageName(`${'a-'.repeat(255)}!`)).to.throw('could not parse image name')
    expect((process.cpuUsage().user - before) / 1_000).to.be.below(1_000)
  })
})
