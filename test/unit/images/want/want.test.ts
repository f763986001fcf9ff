import { expect } from 'chai'
import { distributionOf, unmeasuredMs, wantOf, wantOfModules } from '../../../../invoker/images/want/want.ts'
import { anInventory } from '../../../support/an-inventory.ts'

const inventory = anInventory({
  pillow: { modules: ['PIL'] },
  'scikit-learn': { modules: ['sklearn'] },
  '@scope/package': {},
  lodash: {},
})

describe('distributionOf()', () => {
  it('finds that of the top-level module, whatever it is called', () => {
    const of = (module: string) => distributionOf(module, inventory)
    expect(of('PIL.Image')).to.equal('pillow')
    expect(of('sklearn')).to.equal('scikit-learn')
    expect(of('@scope/package/part')).to.equal('@scope/package')
    expect(of('lodash/fp')).to.equal('lodash')
    expect(of('os.path')).to.equal(undefined)
    expect(of('')).to.equal(undefined)
  })
})

describe('wantOf()', () => {
  it('sums the import times of each distribution, and takes a module once', () => {
    const imports = [
      { module: 'PIL', distribution: 'pillow', ms: 10 },
      { module: 'PIL.Image', distribution: 'pillow', ms: 20 },
      { module: 'PIL', distribution: 'pillow', ms: 99 },
    ]
    const want = wantOf({ codeDigest: 'd', kind: 'python:3', runtimeBuild: 'b', imports }, 'unknown')
    expect(want).to.include({ kind: 'python:3', runtimeBuild: 'b', provides: 'unknown' })
    expect(want.imports.map(({ ms }) => ms)).to.deep.equal([10, 20])
    expect([...want.distributions]).to.deep.equal([['pillow', 30]])
  })
})

describe('wantOfModules()', () => {
  const times: Readonly<Record<string, number>> = { sklearn: 700, 'sklearn.svm': 80 }
  const known = { inventory, knownMs: (module: string) => times[module] }

  it('wants what is in the runtime build, at times that are known or guessed', () => {
    const { imports } = wantOfModules(['os', 'sklearn', 'PIL.Image', 'mine'], known)
    expect(imports).to.deep.equal([
      { module: 'sklearn', distribution: 'scikit-learn', ms: 700 },
      { module: 'PIL.Image', distribution: 'pillow', ms: unmeasuredMs },
    ])
  })

  it('takes a name from a package for a module only if it was seen as one', () => {
    const { imports } = wantOfModules(['sklearn', 'sklearn.svm', 'sklearn.set_config'], known)
    expect(imports.map(({ module }) => module)).to.deep.equal(['sklearn', 'sklearn.svm'])
  })

  it('takes a module that was never seen for as slow as its package', () => {
    expect(wantOfModules(['sklearn.tree'], known).imports.map(({ ms }) => ms)).to.deep.equal([700])
  })

  it('says what the code brings along', () => {
    expect(wantOfModules([], known).provides).to.deep.equal(new Set())
    expect(wantOfModules([], { ...known, provides: new Set(['numpy']) }).provides).to.deep.equal(new Set(['numpy']))
  })
})
