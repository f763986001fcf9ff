import { expect } from 'chai'
import { Fault } from '../../../invoker/faults/fault.ts'
import { suspects } from '../../../invoker/images/suspects.ts'

const imports = [
  { module: 'numpy', distribution: 'numpy', ms: 100 },
  { module: 'sklearn.svm', distribution: 'scikit-learn', ms: 900 },
  { module: 'torch', distribution: 'torch', ms: 1800 },
]

describe('suspects()', () => {
  it('puts those first that the reason names, then those that take longest', () => {
    const fault = new Fault('IMAGE_UNSUITABLE', 'importing numpy: it starts 3 threads')
    expect(suspects(imports, fault)).to.deep.equal(['numpy', 'torch', 'scikit-learn'])
  })

  it('finds a module at the end of a sentence', () => {
    const fault = new Fault('IMAGE_UNSUITABLE', 'threads were started by sklearn.svm.')
    expect(suspects(imports, fault)[0]).to.equal('scikit-learn')
  })

  it('blames nobody for memory or time but who is named', () => {
    expect(suspects(imports, new Fault('IMAGE_BUILD', 'it took more than 5000 ms'))).to.deep.equal([])
    expect(suspects(imports, new Fault('IMAGE_BUILD', 'cannot import "torch"'))).to.deep.equal(['torch'])
  })
})
