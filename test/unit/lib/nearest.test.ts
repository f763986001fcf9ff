import { expect } from 'chai'
import { editDistance, nearest } from '../../../invoker/lib/nearest.ts'

describe('nearest()', () => {
  it('finds the word that is spelled most alike', () => {
    expect(nearest('standalon', ['doctor', 'standalone', 'invoker'])).to.equal('standalone')
    expect(nearest('PROT', ['port', 'proto'])).to.equal('proto')
  })

  it('finds nothing where nothing is alike', () => {
    expect(nearest('kubernetes', ['port', 'host'])).to.equal(undefined)
    expect(nearest('x', [])).to.equal(undefined)
  })
})

describe('editDistance()', () => {
  it('counts letters added, removed and replaced', () => {
    expect(editDistance('kitten', 'sitting')).to.equal(3)
    expect(editDistance('', 'abc')).to.equal(3)
    expect(editDistance('abc', 'abc')).to.equal(0)
  })
})
