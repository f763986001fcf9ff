import { expect } from 'chai'
import { requestedImports } from '../../../../invoker/images/build/requested.ts'
import type { ProfileEntry } from '../../../../invoker/images/store/entries.ts'
import { Knowledge } from '../../../../invoker/images/store/knowledge.ts'
import { aManifest } from '../../../support/a-manifest.ts'
import { type SomeImport, someImports } from '../../../support/a-recipe.ts'
import { pythonAction } from '../../../support/a-warm-swap.ts'
import { FakeInventory } from '../../../support/fake-image-engine.ts'

const kind = 'python:3'
const action = pythonAction('import torch\nfrom PIL import Image\n')

describe('Knowledge', () => {
  let knowledge: Knowledge
  let inventory: FakeInventory

  beforeEach(async () => {
    knowledge = new Knowledge(aManifest())
    inventory = new FakeInventory()
    knowledge.setInventory(await inventory.of(kind))
  })

  function aProfile(...imports: readonly SomeImport[]): ProfileEntry {
    const { codeDigest } = knowledge.scan(action)
    const profile = { codeDigest, kind, runtimeBuild: `build-of-${kind}`, imports: someImports(...imports) }
    return { type: 'profile', profile, updatedMs: 1 }
  }

  function wanted(): readonly string[] {
    return [...(knowledge.want(action)?.distributions.keys() ?? [])].sort()
  }

  it('goes by the text until there is a profile', () => {
    expect(wanted()).to.deep.equal(['pillow', 'torch'])
    expect(knowledge.settledWant(kind, knowledge.scan(action))).to.equal(undefined)
    knowledge.add(aProfile('torch', 'pandas'))
    expect(wanted()).to.deep.equal(['pandas', 'torch'])
    expect(knowledge.settledWant(kind, knowledge.scan(action))).to.equal(knowledge.want(action))
  })

  it('knows nothing of a kind without images', () => {
    expect(knowledge.want({ ...action, exec: { ...action.exec, kind: 'nodejs:20' } })).to.equal(undefined)
  })

  it('is another version only when somebody may want something else', () => {
    knowledge.add(aProfile(['torch', 100]))
    const { version } = knowledge
    knowledge.add(aProfile(['torch', 120]))
    expect(knowledge.version).to.equal(version)
    knowledge.add(aProfile('numpy'))
    expect(knowledge.version).to.not.equal(version)
    expect(wanted()).to.deep.equal(['numpy', 'torch'])
  })

  it('wants nothing that is to blame, until its package is another or somebody asks for it', async () => {
    const record = knowledge.inventory(kind)?.distributions.get('torch')?.record ?? ''
    const blamed = [{ module: 'torch', distribution: 'torch', record }]
    knowledge.blame(kind, blamed)
    expect(wanted()).to.deep.equal(['pillow'])
    knowledge.forgive(kind, someImports('torch.nn'))
    expect(wanted()).to.deep.equal(['pillow', 'torch'])
    knowledge.blame(kind, blamed)
    inventory.update(kind, 'torch', '2.0')
    expect(knowledge.setInventory(await inventory.of(kind))).to.equal(true)
    expect(wanted()).to.deep.equal(['pillow', 'torch'])
  })

  it('remembers what imports take, of a package by what is below it', () => {
    knowledge.add(aProfile(['sklearn.svm', 900], ['torch', 1800]))
    expect(knowledge.knownMs(kind, 'sklearn')).to.equal(900)
    expect(knowledge.knownMs(kind, 'torch')).to.equal(1800)
    expect(knowledge.knownMs(kind, 'numpy')).to.equal(undefined)
    knowledge.add(aProfile(['torch', 0], 'numpy'))
    expect(knowledge.knownMs(kind, 'torch')).to.equal(900)
  })

  it('takes code at its word once it was asked to', () => {
    const scanned = knowledge.scan(action)
    expect(knowledge.takeAtItsWord(kind, scanned)).to.equal(false)
    expect(knowledge.takeAtItsWord(kind, scanned)).to.equal(true)
    expect(knowledge.settledWant(kind, scanned)?.imports).to.have.length(2)
  })

  it('says what of a package is imported: what a request names, what is used, or all that is at its top', () => {
    const found = knowledge.inventory(kind)
    if (found === undefined) throw new Error('There is an inventory')
    const modules = (packages: readonly string[], exact: readonly string[] = []) =>
      requestedImports({ packages, modules: exact }, { inventory: found, knowledge }).map(({ module }) => module)
    expect(modules(['scikit-learn'])).to.deep.equal(['sklearn'])
    knowledge.add(aProfile('sklearn.svm'))
    expect(modules(['Scikit_Learn'])).to.deep.equal(['sklearn.svm'])
    expect(modules(['scikit-learn', 'torch'], ['sklearn.tree'])).to.deep.equal(['sklearn.tree', 'torch'])
  })
})
