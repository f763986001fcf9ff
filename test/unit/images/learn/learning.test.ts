import { expect } from 'chai'
import { readRecorded, withBroughtAlong } from '../../../../invoker/images/learn/learning.ts'
import type { BuildInventory } from '../../../../invoker/ports/inventory.ts'
import { FakeInventory } from '../../../support/fake-image-engine.ts'

describe('readRecorded()', () => {
  let inventory: BuildInventory

  before(async () => {
    inventory = await new FakeInventory().of('python:3')
  })

  function read(...imports: readonly object[]) {
    return readRecorded(JSON.stringify({ imports }), inventory)
  }

  const svm = { module: 'sklearn.svm', distribution: 'scikit-learn', version: '1.0', ms: 812.3 }

  it('takes what the runtime build bears out', () => {
    const { imports, isOtherBuild } = read(svm)
    expect(imports).to.deep.equal([{ module: 'sklearn.svm', distribution: 'scikit-learn', ms: 812.3 }])
    expect(isOtherBuild).to.equal(false)
  })

  it('drops a package in another version, or that is not there, and says that the build is another', () => {
    for (const other of [{ version: '2.0' }, { distribution: 'evil' }]) {
      expect(read({ ...svm, ...other })).to.deep.equal({ imports: [], isOtherBuild: true })
    }
  })

  it('drops what is no name of a module, or of a module that is nowhere', () => {
    for (const module of ['sklearn; import os', '../../etc', 'sklearn\nx', 'x'.repeat(300), 'unheard.of', '/sklearn']) {
      expect(read({ ...svm, module }).imports, module).to.deep.equal([])
    }
  })

  it('bounds times and numbers', () => {
    expect(read({ ...svm, ms: 1e12 }).imports[0]?.ms).to.equal(600_000)
    const many = Array.from({ length: 5000 }, (_, n) => ({ ...svm, module: `sklearn.m${n}` }))
    expect(read(...many).imports).to.have.length(256)
  })

  it('refuses what is no answer', () => {
    const texts = [
      '',
      'null',
      '[]',
      '{}',
      '{"imports":{}}',
      '{"imports":[7]}',
      JSON.stringify({ imports: [{ ...svm, ms: -1 }] }),
    ]
    for (const text of [...texts, `{"imports":[],"x":"${'x'.repeat(2 ** 20)}"}`]) {
      expect(() => readRecorded(text, inventory), text.slice(0, 40)).to.throw(SyntaxError)
    }
  })
})

describe('withBroughtAlong()', () => {
  const scanned = [
    { module: 'torch', distribution: 'torch', ms: 1800 },
    { module: 'PIL', distribution: 'pillow', ms: 50 },
  ]

  it('adds what the text imports and the image had', () => {
    const imports = withBroughtAlong([{ module: 'PIL', distribution: 'pillow', ms: 70 }], {
      scanned,
      inImage: new Set(['torch', 'numpy']),
    })
    expect(imports.map(({ module, ms }) => [module, ms])).to.deep.equal([
      ['torch', 1800],
      ['PIL', 70],
    ])
  })

  it('adds nothing that the image had not', () => {
    expect(withBroughtAlong([], { scanned, inImage: new Set() })).to.deep.equal([])
  })
})
