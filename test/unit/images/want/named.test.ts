import { expect } from 'chai'
import { importsNamed } from '../../../../invoker/images/want/named.ts'
import { anInventory } from '../../../support/an-inventory.ts'

const inventory = anInventory({
  pyyaml: { modules: ['yaml', '_yaml'] },
  'scikit-learn': { modules: ['sklearn'] },
  '-cffi-backend': { modules: ['_cffi_backend'] },
  '@scope/Package': {},
})
const named = (...names: readonly string[]) => importsNamed(names, { inventory, knownMs: () => undefined })

describe('importsNamed()', () => {
  it('finds a distribution in any spelling, by its public modules', () => {
    for (const name of ['PyYAML', 'pyyaml']) {
      expect(named(name).imports.map(({ module, distribution }) => [module, distribution])).to.deep.equal([
        ['yaml', 'pyyaml'],
      ])
    }
    for (const name of ['scikit_learn', 'Scikit.Learn', 'scikit-learn']) {
      expect(named(name).imports.map(({ module }) => module)).to.deep.equal(['sklearn'])
    }
  })

  it('finds a module', () => {
    expect(
      named('sklearn.svm', '@scope/Package').imports.map(({ module, distribution }) => [module, distribution]),
    ).to.deep.equal([
      ['sklearn.svm', 'scikit-learn'],
      ['@scope/Package', '@scope/Package'],
    ])
  })

  it('takes private modules where there are no others', () => {
    expect(named('-cffi-backend').imports.map(({ module }) => module)).to.deep.equal(['_cffi_backend'])
  })

  it('tells what is not there', () => {
    expect(named('pyyaml', 'absent', 'os.path')).to.deep.include({ unknown: ['absent', 'os.path'] })
  })
})
