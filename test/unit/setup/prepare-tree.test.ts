import { expect } from 'chai'
import { checkNode } from '../../../deploy/setup/prepare-tree.mjs'

describe('checkNode()', () => {
  it('accepts the oldest version and newer ones', () => {
    for (const version of ['20.19.0', '20.20.2', '22.1.0']) expect(() => checkNode(version)).not.to.throw()
  })

  it('refuses older ones in a sentence', () => {
    for (const version of ['18.20.0', '20.18.9']) {
      expect(() => checkNode(version)).to.throw(`Cannot run on Node.js ${version}: 20.19 or newer is needed`)
    }
  })
})
