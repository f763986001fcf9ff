import { expect } from 'chai'
import { Fault } from '../../../../invoker/faults/fault.ts'
import { namedImport, slowestFirst } from '../../../../invoker/images/build/blame.ts'
import { someImports } from '../../../support/a-recipe.ts'

describe('Blame', () => {
  const imports = someImports(['numpy', 100], ['sklearn.svm', 900], ['torch', 1800], ['torch.nn', 50])

  it('finds the import that a reason names first, as a word of its own', () => {
    const named = (why: string) => namedImport(imports, new Fault('IMAGE_BUILD', why))?.module
    expect(named('"sklearn.svm" starts threads: numpy')).to.equal('sklearn.svm')
    expect(named('threads were started by torch.nn.')).to.equal('torch.nn')
    expect(named('/usr/lib/python3/dist-packages/torch/lib.so is missing')).to.equal(undefined)
    expect(named('it took more than 5000 ms')).to.equal(undefined)
  })

  it('puts the packages first that take longest', () => {
    expect(slowestFirst(imports)).to.deep.equal(['torch', 'scikit-learn', 'numpy'])
  })
})
