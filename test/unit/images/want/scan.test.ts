import { expect } from 'chai'
import { zipSync } from 'fflate'
import { scanImports } from '../../../../invoker/images/want/scan.ts'
import { aZip, zipBytes } from '../../../support/a-zip.ts'

const python = (code: string, binary = true) => scanImports({ code, binary }, 'python')
const node = (code: string, binary = true) => scanImports({ code, binary }, 'nodejs')

describe('scanImports()', () => {
  it('reads plain source', () => {
    expect(python('import numpy', false)).to.deep.equal({ modules: ['numpy'], provides: new Set() })
    expect(node("require('lodash')", false)).to.deep.equal({ modules: ['lodash'], provides: new Set() })
  })

  it('reads source that is marked binary because it looks like base64', () => {
    expect(python(Buffer.from('import numpy').toString('base64')).modules).to.deep.equal(['numpy'])
  })

  it('knows nothing of other languages, nor of no code', () => {
    expect(scanImports({ code: 'import numpy', binary: false }, 'java')).to.deep.equal({
      modules: [],
      provides: 'unknown',
    })
    expect(scanImports({ binary: false }, 'python').modules).to.deep.equal([])
  })

  it('reads the Python files of an archive, __main__.py first', async () => {
    const code = await aZip({
      'deep/inner/helper.py': 'import torch',
      'helper.py': 'import pandas',
      '__main__.py': 'import numpy, helper, vendored, compiled\nfrom deep.inner import helper',
      'vendored/__init__.py': 'import yaml',
      'compiled.cpython-311-x86_64-linux-gnu.so': 'ELF',
      'data.txt': 'import no',
    })
    const { modules, provides } = python(code)
    expect(modules).to.deep.equal(['numpy', 'pandas', 'yaml', 'torch'])
    expect([...(provides === 'unknown' ? [] : provides)].sort()).to.deep.equal([
      ...['compiled', 'data', 'deep', 'helper', 'vendored'],
    ])
  })

  it('takes the virtualenv of an archive for what it brings along', async () => {
    const code = await aZip({
      '__main__.py': 'import numpy, pandas',
      'virtualenv/lib/python3.11/site-packages/numpy/__init__.py': 'import six',
      'virtualenv/bin/activate_this.py': 'import site',
    })
    const { modules, provides } = python(code)
    expect(modules).to.deep.equal(['pandas'])
    expect(provides).to.include('numpy')
  })

  it('reads the JavaScript of an archive, but not of its node_modules', async () => {
    const code = await aZip({
      'package.json': '{"main": "./lib/start.js"}',
      'a.mjs': "import 'mod-b'; import 'own'; import '@own/two'",
      'lib/start.js': "require('mod-a'); require('./other')",
      'node_modules/own/index.js': "require('mod-c')",
      'node_modules/@own/two/index.js': "require('mod-d')",
    })
    expect(node(code)).to.deep.equal({ modules: ['mod-a', 'mod-b'], provides: new Set() })
  })

  it('reads no archive that is broken, and then knows not what it brings along', async () => {
    const whole = await zipBytes({ '__main__.py': 'import numpy' })
    const cut = whole.subarray(0, whole.length - 8).toString('base64')
    expect(python(cut)).to.deep.equal({ modules: [], provides: 'unknown' })
    expect(node(cut)).to.deep.equal({ modules: [], provides: new Set() })
  })

  it('reads no archive with too many entries', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`m${index}.py`, new Uint8Array()]))
    const zip = zipSync({ ...many, '__main__.py': Buffer.from('import numpy') })
    expect(python(Buffer.from(zip).toString('base64'))).to.deep.equal({ modules: [], provides: 'unknown' })
  })

  it('leaves files that would take too long', async () => {
    const code = await aZip({ '__main__.py': 'import numpy', 'huge.py': `import pandas\n${' '.repeat(600 * 1024)}` })
    const { modules, provides } = python(code)
    expect(modules).to.deep.equal(['numpy'])
    expect(provides).to.include('huge')
  })

  it('leaves what is packed too well to be code', async () => {
    const code = await aZip({ '__main__.py': 'import numpy', 'bomb.py': Buffer.alloc(32 * 1024 * 1024, '#') })
    expect(python(code).modules).to.deep.equal(['numpy'])
  })

  it('is not led astray by an archive that says a file is smaller than it is', async () => {
    const length = 4 * 1024 * 1024
    const zip = await zipBytes({ '__main__.py': 'import numpy', 'bomb.py': Buffer.alloc(length, '#') })
    const entry = zip.lastIndexOf('bomb.py') - 46
    expect(zip.readUInt32LE(entry + 24)).to.equal(length)
    zip.writeUInt32LE(1024, entry + 24)
    expect(python(zip.toString('base64')).modules).to.deep.equal(['numpy'])
  })
})
