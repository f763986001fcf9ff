import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { discoverHostRuntimes, type HostRuntimes } from '../../../../invoker/adapters/host-runtimes/host-runtimes.ts'
import { type Manifest, parseManifest } from '../../../../invoker/domain/manifest.ts'
import { isFault } from '../../../../invoker/faults/fault.ts'
import { ownManifest } from '../../../support/runtime-languages.ts'

const image = { prefix: 'openwhisk', name: 'action', tag: 'nightly' }

function manifestOf(...kinds: readonly string[]): Manifest {
  const runtimes: Record<string, unknown[]> = {}
  for (const kind of kinds) {
    const [family = ''] = kind.split(':')
    const entries = runtimes[family] ?? []
    runtimes[family] = [...entries, { kind, image, default: entries.length === 0 }]
  }
  return parseManifest({ runtimes })
}

describe('discoverHostRuntimes()', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ww-host-'))
    for (const name of ['bin', 'node/bin']) mkdirSync(join(folder, name), { recursive: true })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** A program that says a version, as an interpreter does. */
  function interpreter(file: string, says: string): string {
    const path = join(folder, file)
    writeFileSync(path, `#!/bin/sh\necho "${says}"\n`)
    chmodSync(path, 0o755)
    return path
  }

  function discover(manifest: Manifest, ownNode = join(folder, 'nowhere')): Promise<HostRuntimes> {
    const places = { folders: [join(folder, 'bin'), join(folder, 'absent')], ownNode }
    return discoverHostRuntimes({ manifest, builds: ownManifest(), runtimesFolder: '/srv/runtimes', places })
  }

  it('offers a kind only where the version matches', async () => {
    interpreter('bin/python3.9', 'Python 3.9.18')
    interpreter('bin/python3.12', 'Python 3.12.1')
    interpreter('bin/node', 'v20.19.0')
    const kinds = [
      'python:3',
      'python:3.1',
      'python:3.9',
      'python:3.11',
      'python:3.12',
      'nodejs:20',
      'nodejs:18',
      'nodejs:2',
    ]
    const { offered } = await discover(manifestOf(...kinds))
    expect([...offered.keys()]).to.deep.equal(['python:3', 'python:3.9', 'python:3.12', 'nodejs:20'])
  })

  it('starts a kind as our manifest says for its family, whosever manifest names it', async () => {
    interpreter('bin/python3.12', 'Python 3.12.1')
    const { command, env, binds } = (await discover(manifestOf('python:3.12'))).launchOf('python:3.12')
    expect(command.slice(1)).to.deep.equal(['-s', '-B', '/opt/warmwhisk/runtimes/python/main.py'])
    expect(env).to.include({ LANG: 'C.UTF-8' })
    expect(binds).to.deep.include({ source: '/srv/runtimes', target: '/opt/warmwhisk/runtimes' })
  })

  it('binds an interpreter that is not below /usr', async () => {
    const node = interpreter('node/bin/node', 'v20.19.0')
    const { command, binds } = (await discover(manifestOf('nodejs:20'), node)).launchOf('nodejs:20')
    expect(command[0]).to.equal('/opt/warmwhisk/node/node')
    expect(binds).to.deep.include({ source: join(folder, 'node/bin'), target: '/opt/warmwhisk/node' })
  })

  it('prefers the node that runs this program', async () => {
    interpreter('bin/node', 'v20.1.0')
    const own = interpreter('node/bin/node', 'v20.19.0')
    const { binds } = (await discover(manifestOf('nodejs:20'), own)).launchOf('nodejs:20')
    expect(binds.map(({ source }) => source)).to.include(join(folder, 'node/bin'))
  })

  it('asks each file once, whatever its names', async () => {
    interpreter('bin/python3.12', `Python 3.12.1" && echo x >> "${join(folder, 'asked')}`)
    symlinkSync(join(folder, 'bin/python3.12'), join(folder, 'bin/python3'))
    const { offered } = await discover(manifestOf('python:3'))
    expect(offered.size).to.equal(1)
    expect(readFileSync(join(folder, 'asked'), 'utf8')).to.equal('x\n')
  })

  it('says what is missing', async () => {
    interpreter('bin/python3.12', 'Python 3.12.1')
    interpreter('bin/python3.13', 'Python 3.13.0')
    const { missing } = await discover(manifestOf('python:3.11', 'nodejs:20', 'swift:5.7'))
    expect(Object.fromEntries(missing)).to.deep.equal({
      'python:3.11': '"python:3.11" needs python3 3.11: this host has python3 3.12.1, 3.13.0',
      'nodejs:20': '"nodejs:20" needs node 20: this host has no node',
      'swift:5.7':
        '"swift:5.7" needs the image "openwhisk/action:nightly": this invoker runs no images, and has no runtime of its own for "swift"',
    })
  })

  it('faults a kind that it cannot start with the same sentence', async () => {
    const runtimes = await discover(manifestOf('nodejs:20'))
    for (const [kind, text] of [
      ['nodejs:20', 'Cannot run the kind: "nodejs:20" needs node 20: this host has no node'],
      ['cobol:1', 'Cannot run the kind: "cobol:1" is unknown'],
    ] as const) {
      expect(() => runtimes.launchOf(kind))
        .to.throw(text)
        .and.satisfy((error: unknown) => isFault(error, 'KIND_UNAVAILABLE'))
    }
  })

  describe('with layers', () => {
    function withLayers(kind: string, name: string, layers: readonly object[]): Promise<HostRuntimes> {
      const host = { command: [name, 'main'], env: { PYTHONPATH: '/opt/own' }, layers }
      const [family = ''] = kind.split(':')
      return discover(parseManifest({ runtimes: { [family]: [{ kind, image, host }] } }))
    }

    it('binds those of Python and names them in PYTHONPATH, in order, before what it held', async () => {
      interpreter('bin/python3.12', 'Python 3.12.1')
      const layers = [{ source: join(folder, 'bin') }, { source: join(folder, 'node'), target: '/opt/second' }]
      const { env, binds } = (await withLayers('python:3', 'python3', layers)).launchOf('python:3')
      expect(env.PYTHONPATH).to.equal('/opt/warmwhisk/layers/0:/opt/second:/opt/own')
      expect(binds.slice(-2)).to.deep.equal([
        { source: join(folder, 'bin'), target: '/opt/warmwhisk/layers/0' },
        { source: join(folder, 'node'), target: '/opt/second' },
      ])
    })

    it('binds that of Node.js where both require and import find it', async () => {
      interpreter('bin/node', 'v20.19.0')
      const runtimes = await withLayers('nodejs:20', 'node', [{ source: join(folder, 'node') }])
      const { env, binds } = runtimes.launchOf('nodejs:20')
      expect(env.NODE_PATH).to.equal('/node_modules')
      expect(binds).to.deep.include({ source: join(folder, 'node'), target: '/node_modules' })
    })

    it('finds relative ones below the folder of this program', async () => {
      interpreter('bin/python3.12', 'Python 3.12.1')
      const { found } = await withLayers('python:3', 'python3', [{ source: 'packages' }])
      expect(found.get('python:3')?.layers.map(({ source }) => source)).to.deep.equal(['/srv/packages'])
    })

    it('does without one that is not there, and says so', async () => {
      interpreter('bin/python3.12', 'Python 3.12.1')
      const runtimes = await withLayers('python:3', 'python3', [{ source: join(folder, 'absent') }])
      expect(runtimes.launchOf('python:3').env.PYTHONPATH).to.equal('/opt/own')
      expect(runtimes.launchOf('python:3').binds.map(({ source }) => source)).to.not.include(join(folder, 'absent'))
      expect(runtimes.absentLayers()).to.deep.equal([
        `"python:3" has a layer "${join(folder, 'absent')}" that does not exist`,
      ])
    })
  })

  it('passes over files that do not run or say no version', async () => {
    interpreter('bin/python3', 'nothing useful')
    writeFileSync(join(folder, 'bin/python3.13'), 'no program')
    const { offered, missing } = await discover(manifestOf('python:3'))
    expect(offered.size).to.equal(0)
    expect(missing.get('python:3')).to.contain('has no python3')
  })
})
