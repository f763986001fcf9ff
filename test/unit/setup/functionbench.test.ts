import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { lacking, setUpFunctionbench } from '../../../deploy/setup/functionbench.mjs'
import { forFunctionbench, toRun } from '../../../deploy/setup/needs.mjs'
import { missing } from '../../../deploy/setup/system.mjs'
import { skip } from '../../support/factories.ts'

const make = (file: string) => `open(${JSON.stringify(file)}, "a").write("made\\n")\n`
const lock = {
  name: 'a-layer',
  version: '1.0.0',
  lockfileVersion: 3,
  requires: true,
  packages: { '': { name: 'a-layer', version: '1.0.0' } },
}

/** A checkout with functions whose scripts only note that they ran, and a layer of no packages: nothing is downloaded. */
function aCheckout(): string {
  const root = mkdtempSync(path.join(tmpdir(), 'functionbench-'))
  const files = {
    'functionbench/node-layer/package.json': '{"name":"a-layer","version":"1.0.0"}',
    'functionbench/node-layer/package-lock.json': JSON.stringify(lock),
    'functionbench/model-training/reviews.csv': 'stars,text\n',
    'functionbench/model-serving/make-model.py': make('model.joblib'),
    'functionbench/cnn-image-classification/make-weights.py': make('weights.pt'),
    'functionbench/cnn-image-classification/scenes.py': '',
    'functionbench/rnn-generate-text/make-weights.py': make('weights.pt'),
    'functionbench/rnn-generate-text/network.py': '',
    'word-count/alice.txt': 'Alice',
  }
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, 'actions', name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  return root
}

describe('setUpFunctionbench()', () => {
  let root: string
  const at = (name: string) => path.join(root, 'actions', 'functionbench', name)
  const made = (name: string) => readFileSync(at(name), 'utf8')

  beforeEach(function () {
    const libraries = missing(forFunctionbench)
    if (libraries.length > 0) skip(this, `this machine lacks ${libraries.map(({ what }) => what).join(', ')}`)
    root = aCheckout()
  })

  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('makes the layer and the models, and says before what is lacking', () => {
    expect(lacking(root)).to.deep.equal([
      'npm packages',
      'the model of model-serving',
      'the model of cnn-image-classification',
      'the model of rnn-generate-text',
    ])
    expect(setUpFunctionbench(root)).to.deep.equal([])
    expect(existsSync(path.join(root, '.warmwhisk/layers/nodejs/package.json'))).to.equal(true)
    expect(made('model-serving/model.joblib')).to.equal('made\n')
  })

  it('makes nothing twice, and what is gone or was made from something else again', () => {
    setUpFunctionbench(root)
    setUpFunctionbench(root)
    expect(made('cnn-image-classification/weights.pt')).to.equal('made\n')
    rmSync(at('rnn-generate-text/weights.pt'))
    writeFileSync(at('model-training/reviews.csv'), 'stars,text\n5,good\n')
    expect(lacking(root)).to.deep.equal(['the model of model-serving', 'the model of rnn-generate-text'])
    setUpFunctionbench(root)
    expect(made('rnn-generate-text/weights.pt')).to.equal('made\n')
    expect(made('model-serving/model.joblib')).to.equal('made\nmade\n')
    expect(made('cnn-image-classification/weights.pt')).to.equal('made\n')
  })

  it('installs the layer anew when its lock file changes, and leaves nothing else beside it', () => {
    setUpFunctionbench(root)
    const layers = path.join(root, '.warmwhisk/layers')
    writeFileSync(path.join(layers, 'nodejs/left-over'), '')
    setUpFunctionbench(root)
    expect(existsSync(path.join(layers, 'nodejs/left-over'))).to.equal(true)
    writeFileSync(at('node-layer/package-lock.json'), `${JSON.stringify(lock)}\n`)
    expect(lacking(root)).to.deep.equal(['npm packages'])
    setUpFunctionbench(root)
    expect(existsSync(path.join(layers, 'nodejs/left-over'))).to.equal(false)
    expect(readdirSync(layers)).to.deep.equal(['nodejs'])
  })

  it('says which model cannot be made, and why, and tries again the next time', () => {
    writeFileSync(at('rnn-generate-text/make-weights.py'), 'import sys\nsys.exit("no weights today")\n')
    for (const _time of [1, 2]) {
      expect(() => setUpFunctionbench(root)).to.throw(
        /Cannot make the model of rnn-generate-text: .*\nno weights today/s,
      )
    }
    expect(lacking(root)).to.deep.equal(['the model of rnn-generate-text'])
  })

  it('is no part of what running needs', () => {
    expect(toRun.filter((need) => 'module' in need)).to.deep.equal([])
  })
})
