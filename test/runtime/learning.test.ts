import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { aZip } from '../support/a-zip.ts'
import { type RuntimeUnderTest, runtimeUnderTest } from '../support/runtime-client.ts'

interface Recorded {
  readonly module: string
  readonly distribution: string
  readonly version: string
  readonly ms: number
}

/** Packages of a layer: files by their path. */
const layer = {
  'quick/__init__.py': 'import quick_helper',
  'quick/part.py': '',
  'quick_helper.py': '',
  'late.py': '',
  'broken.py': 'import quick_helper\nraise ImportError("no licence")',
  'quick-1.2.dist-info/METADATA': 'Metadata-Version: 2.1\nName: Quick_Thing\nVersion: 1.2\n',
  'quick-1.2.dist-info/RECORD': 'quick/__init__.py,,\nquick/part.py,,\nquick_helper.py,,\n',
}

describe('what the python:3 runtime records of imports', () => {
  let folder: string
  let runtime: RuntimeUnderTest
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ww-layer-'))
    for (const [path, text] of Object.entries(layer)) {
      mkdirSync(join(folder, path, '..'), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    runtime = await runtimeUnderTest('python:3', { PYTHONPATH: folder })
  })
  afterEach(async () => {
    await runtime.stop()
    rmSync(folder, { recursive: true })
  })

  async function imports(): Promise<readonly Recorded[]> {
    const answer = await runtime.post('/imports', {})
    expect(answer.status).to.equal(200)
    return JSON.parse(answer.body).imports
  }

  async function recorded(code: string, more: Parameters<RuntimeUnderTest['init']>[1] = {}): Promise<string[]> {
    expect((await runtime.post('/learn', {})).body).to.equal('{"ok":true}\n')
    expect((await runtime.init(code, more)).status).to.equal(200)
    expect((await runtime.run()).status).to.equal(200)
    return (await imports()).map(({ module }) => module)
  }

  it('C31: ends the recording when it has told it', async () => {
    await recorded('import quick\ndef main(args):\n    return args')
    await runtime.post('/learn', {})
    await runtime.run()
    expect(await imports()).to.deep.equal([])
  })

  it('C30: names an import with what it belongs to and what it took', async () => {
    await runtime.post('/learn', {})
    await runtime.init('import quick, late\ndef main(args):\n    return args')
    const [quick, late, ...others] = await imports()
    expect(quick).to.include({ module: 'quick', distribution: 'quick-thing', version: '1.2' })
    expect(late).to.include({ module: 'late', distribution: 'late', version: '0' })
    expect(quick?.ms).to.be.greaterThan(0)
    expect(others).to.deep.equal([])
  })

  it('C30: takes the outermost import, in the order of the code, as it was written', async () => {
    const code = 'import json, late\nimport quick.part\nfrom quick import part\ndef main(args):\n    return args'
    expect(await recorded(code)).to.deep.equal(['late', 'quick.part'])
  })

  it('C30: takes what is imported during a run, and by importlib', async () => {
    const code = 'def main(args):\n    import importlib\n    importlib.import_module("late")\n    return args'
    expect(await recorded(code)).to.deep.equal(['late'])
  })

  it('C30: leaves out the interpreter’s own modules, and what they take no part in', async () => {
    expect(await recorded('import sqlite3, fractions\ndef main(args):\n    return args')).to.deep.equal([])
  })

  it('C30: leaves out the action’s own modules, but not what these import', async () => {
    const archive = await aZip({
      '__main__.py': 'import mine\ndef main(args):\n    return args',
      'mine.py': 'import quick',
      'late.py': '',
    })
    expect(await recorded(archive, { binary: true })).to.deep.equal(['quick'])
    const own = await aZip({ '__main__.py': 'import late\ndef main(args):\n    return args', 'late.py': '' })
    await runtime.stop()
    runtime = await runtimeUnderTest('python:3', { PYTHONPATH: folder })
    expect(await recorded(own, { binary: true })).to.deep.equal([])
  })

  it('C30: leaves out what fails, but not what came before', async () => {
    const code = 'try:\n    import broken\nexcept ImportError:\n    pass\ndef main(args):\n    return args'
    expect(await recorded(code)).to.deep.equal(['quick_helper'])
  })

  it('C30: takes what a thread imports at the same time', async () => {
    const code = `
import threading
def load():
    import quick
thread = threading.Thread(target=load)
thread.start()
import late
thread.join()
def main(args):
    return args`
    expect((await recorded(code)).toSorted()).to.deep.equal(['late', 'quick'])
  })

  it('C31: leaves no trace: tracebacks and the import system are as ever', async () => {
    const code = `
import importlib._bootstrap, traceback
def look():
    try:
        import broken
    except ImportError:
        return traceback.format_exc()
seen = [look()]
def main(args):
    return {"now": look(), "first": seen[0], "hook": importlib._bootstrap._find_and_load.__code__.co_filename}`
    await runtime.post('/learn', {})
    await runtime.init(code)
    const during = JSON.parse((await runtime.run()).body)
    await imports()
    const after = JSON.parse((await runtime.run()).body)
    expect(during).to.deep.equal({ ...after, first: during.first })
    expect(during.now).to.equal(during.first).and.not.contain('warmwhisk')
  })

  it('C31: records nothing before it is told to, and answers then too', async () => {
    await runtime.init('import quick\ndef main(args):\n    return args')
    expect(await imports()).to.deep.equal([])
  })

  it('C30: changes nothing of what an action answers and prints', async () => {
    await runtime.post('/learn', {})
    expect((await runtime.init('import surely_not_there')).status).to.equal(502)
    await runtime.sentinels(1)
    expect(runtime.printed.stderr).to.contain('ModuleNotFoundError').and.not.contain('warmwhisk')
    expect(await imports()).to.deep.equal([])
  })
})
