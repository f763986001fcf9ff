import { expect } from 'chai'
import { someImports } from '../../../support/a-recipe.ts'
import { type ImageParts, imageParts } from '../../../support/image-parts.ts'

describe('Recipes', () => {
  const kind = 'python:3'
  let parts: ImageParts

  beforeEach(async () => {
    parts = await imageParts()
  })

  function modulesOf(...modules: readonly string[]): readonly string[] | undefined {
    return parts.recipes.of(kind, someImports(...modules))?.imports.map(({ module }) => module)
  }

  it('holds what the packages require, and tells images apart by that', () => {
    const { recipes } = parts
    const names = recipes.of(kind, someImports('sklearn.svm'))?.identity.distributions.map(({ name }) => name)
    expect(names).to.deep.equal(['numpy', 'scikit-learn'])
    expect(recipes.idOf(kind, someImports('sklearn.svm'))).to.equal(recipes.idOf(kind, someImports('numpy', 'sklearn')))
    expect(recipes.idOf(kind, someImports('numpy'))).to.not.equal(recipes.idOf(kind, someImports('sklearn')))
  })

  it('also imports what images of the same identity are known to import', () => {
    const { knowledge, recipes } = parts
    const recipe = recipes.of(kind, someImports('torch.nn'))
    if (recipe) knowledge.add({ type: 'image', recipe, updatedMs: 1 })
    expect(modulesOf('torch')).to.deep.equal(['torch.nn', 'torch'])
  })

  it('leaves out what is not there, and what is to blame', () => {
    const { knowledge } = parts
    expect(modulesOf('torch', 'bogus')).to.deep.equal(['torch'])
    const record = knowledge.inventory(kind)?.distributions.get('torch')?.record ?? ''
    const before = parts.recipes.idOf(kind, someImports('torch'))
    knowledge.blame(kind, [{ module: 'torch', distribution: 'torch', record }])
    expect(modulesOf('torch', 'numpy')).to.deep.equal(['numpy'])
    expect(parts.recipes.idOf(kind, someImports('torch'))).to.not.equal(before)
  })

  it('has none for a kind without an engine, or whose runtime build is not known', () => {
    expect(parts.recipes.of('nodejs:20', [])).to.equal(undefined)
    expect(parts.recipes.idOf('nodejs:20', [])).to.equal(undefined)
  })
})
