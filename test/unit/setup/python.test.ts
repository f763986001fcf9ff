import { expect } from 'chai'
import { findModules } from '../../../deploy/setup/python.mjs'

describe('findModules()', () => {
  it("finds what the system's Python can import, and which build of it", () => {
    const found = findModules(['json', 'no_such_module_anywhere'])
    expect([...found.keys()]).to.deep.equal(['json'])
    expect(found.get('json')).to.match(/^json \/.*json\/__init__\.py \d+$/)
  })

  it('starts nothing for no names', () => {
    expect(findModules([]).size).to.equal(0)
  })
})
