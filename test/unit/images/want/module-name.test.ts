import { expect } from 'chai'
import { isWithin, lineage } from '../../../../invoker/images/want/module-name.ts'

describe('A module name', () => {
  it('says what the module is in', () => {
    expect(lineage('a.b.c')).to.deep.equal(['a.b.c', 'a.b', 'a'])
    expect(lineage('lodash/fp')).to.deep.equal(['lodash/fp', 'lodash'])
  })

  it('has no scope of npm for a module', () => {
    expect(lineage('@babel/core/lib')).to.deep.equal(['@babel/core/lib', '@babel/core'])
    expect(lineage('@babel/core')).to.deep.equal(['@babel/core'])
  })

  it('is within another by whole words only', () => {
    expect(isWithin('torch.nn', 'torch')).to.equal(true)
    expect(isWithin('torch', 'torch')).to.equal(true)
    expect(isWithin('torchvision', 'torch')).to.equal(false)
    expect(isWithin('@babel/core/lib', '@babel/core')).to.equal(true)
  })
})
