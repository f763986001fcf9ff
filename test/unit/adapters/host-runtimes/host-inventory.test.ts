import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { expect } from 'chai'
import { HostInventory } from '../../../../invoker/adapters/host-runtimes/host-inventory.ts'
import { discoverHostRuntimes } from '../../../../invoker/adapters/host-runtimes/host-runtimes.ts'
import { parseManifest } from '../../../../invoker/domain/manifest.ts'
import { isFault } from '../../../../invoker/faults/fault.ts'
import { faultOf } from '../../../support/fault-of.ts'

const runtimesFolder = resolve(import.meta.dirname, '../../../../runtimes')
const image = { prefix: 'openwhisk', name: 'action', tag: 'nightly' }

describe('HostInventory', () => {
  let folder = ''
  let nowMs = 0
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ww-inventory-'))
    nowMs = 0
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  function write(path: string, text = ''): string {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }

  /** Removes what was written, and what is below. */
  function remove(path: string): void {
    rmSync(join(folder, path), { recursive: true })
  }

  /** An inventory of a kind that is served by the interpreters of this host, with the folder as its layer. */
  async function inventory(
    kind: 'python:3' | 'nodejs:20',
    { layers = [{ source: folder }], env = {} }: { readonly layers?: readonly object[]; readonly env?: object } = {},
  ): Promise<HostInventory> {
    const [family = ''] = kind.split(':')
    const [program, main] = kind === 'python:3' ? ['python3', 'main.py'] : ['node', 'main.cjs']
    const host = { command: [program, `/opt/warmwhisk/runtimes/${family}/${main}`], env, layers }
    const manifest = parseManifest({ runtimes: { [family]: [{ kind, image, host }] } })
    const found = await discoverHostRuntimes({ manifest, builds: manifest, runtimesFolder })
    return new HostInventory({ host: found, runtimesFolder, now: () => nowMs })
  }

  /** A Python distribution with a record, as pip leaves one. */
  function distribution(name: string, version: string, files: Readonly<Record<string, string>>, requires = ''): void {
    const info = `${name}-${version}.dist-info`
    const head = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${requires}\nName: nonsense\n`
    write(`${info}/METADATA`, head)
    for (const [file, text] of Object.entries(files)) write(file, text)
    write(
      `${info}/RECORD`,
      Object.keys(files)
        .map((file) => `${file},sha256=${version},1\n`)
        .join(''),
    )
  }

  describe('of Python', () => {
    it('finds distributions by their metadata, with their modules and requirements', async () => {
      distribution(
        'My_Package',
        '2.0',
        { 'mine/__init__.py': '', 'mine_too.py': '' },
        'Requires-Dist: other>=1\nRequires-Dist: gone\nRequires-Dist: extra ; extra == "x"\n',
      )
      distribution('other', '1.0', { 'other.cpython-311-x86_64-linux-gnu.so': '' })
      distribution('extra', '1.0', { 'extra.py': '' })
      const { distributions, modules, requires } = await (await inventory('python:3')).of('python:3')
      expect(distributions.get('my-package')).to.include({ name: 'my-package', version: '2.0' })
      expect(distributions.get('my-package')?.record).to.match(/^[0-9a-f]{64}$/)
      for (const [module, name] of [
        ['mine', 'my-package'],
        ['mine_too', 'my-package'],
        ['other', 'other'],
      ] as const) {
        expect(modules.get(module)).to.equal(name)
      }
      expect(requires.get('my-package')).to.deep.equal(['other'])
    })

    it('finds what is installed for the interpreter, by other names too, but not its own library', async () => {
      const { modules } = await (await inventory('python:3', { layers: [] })).of('python:3')
      expect(modules.get('PIL')).to.equal('pillow')
      expect(modules.get('sklearn')).to.equal('scikit-learn')
      expect(modules.get('yaml')).to.equal('pyyaml')
      for (const own of ['os', 'json', 'warmwhisk_runtime', 'inventory']) expect(modules.has(own)).to.equal(false)
    })

    it('takes a package without metadata for a distribution of its own', async () => {
      const { distributions, modules } = await (await inventory('python:3', { layers: [] })).of('python:3')
      expect(modules.get('cv2')).to.equal('cv2')
      expect(distributions.get('cv2')).to.include({ version: '0' })
    })

    it('knows what Debian packages require, whose metadata lacks it', async () => {
      const { requires } = await (await inventory('python:3', { layers: [] })).of('python:3')
      expect(requires.get('scikit-learn')).to.include.members(['numpy', 'scipy'])
      expect(requires.get('cv2')).to.include('numpy')
    })

    it('takes a layer before what is installed, and the first layer before the second', async () => {
      distribution('numpy', '99.0', { 'numpy/__init__.py': '' })
      write('second/numpy-98.0.dist-info/METADATA', 'Name: numpy\nVersion: 98.0\n')
      const layers = [{ source: folder }, { source: join(folder, 'second') }]
      const { distributions } = await (await inventory('python:3', { layers })).of('python:3')
      expect(distributions.get('numpy')?.version).to.equal('99.0')
    })

    it('reads namespaces, and no folders without code', async () => {
      write('space/part/code.py')
      write('data/readme.txt')
      write('not-a-name.py')
      const { modules } = await (await inventory('python:3')).of('python:3')
      expect(modules.get('space')).to.equal('space')
      expect([...modules.keys()]).to.not.include.members(['data'])
      expect([...modules.keys()].some((name) => name.includes('-'))).to.equal(false)
    })

    it('says where to add a package', async () => {
      expect((await (await inventory('python:3')).of('python:3')).howToAdd).to.match(
        /python3-NAME.*pip install --target/,
      )
    })
  })

  describe('of Node.js', () => {
    const aPackage = (name: string, version: string, dependencies = {}) =>
      write(`${name}/package.json`, JSON.stringify({ name, version, dependencies }))

    it('finds the packages of its layers, with scopes and requirements', async () => {
      aPackage('one', '1.0.0', { '@scope/two': '^2', gone: '*' })
      aPackage('@scope/two', '2.0.0')
      write('no-package/readme.md')
      write('.bin/tool')
      const { distributions, modules, requires } = await (await inventory('nodejs:20')).of('nodejs:20')
      expect([...distributions.keys()]).to.deep.equal(['@scope/two', 'one'])
      expect(distributions.get('one')).to.include({ version: '1.0.0' })
      expect([...modules]).to.deep.equal([
        ['@scope/two', '@scope/two'],
        ['one', 'one'],
      ])
      expect(requires.get('one')).to.deep.equal(['@scope/two'])
    })

    it('tells packages apart by what npm wrote down, else by their files', async () => {
      aPackage('one', '1.0.0')
      const recordWith = async (lock?: object) => {
        if (lock !== undefined) write('.package-lock.json', JSON.stringify({ packages: lock }))
        return (await (await inventory('nodejs:20')).of('nodejs:20')).distributions.get('one')?.record
      }
      const byFiles = await recordWith()
      expect(byFiles).to.match(/^[0-9a-f]{64}$/)
      const first = await recordWith({ 'node_modules/one': { integrity: 'sha512-a' } })
      const inner = { 'node_modules/one/node_modules/x': { integrity: 'sha512-c' } }
      const others = [
        await recordWith({ 'node_modules/one': { integrity: 'sha512-b' } }),
        await recordWith({ 'node_modules/one': { integrity: 'sha512-a' }, ...inner }),
      ]
      expect(new Set([byFiles, first, ...others]).size).to.equal(4)
      expect(await recordWith({ 'node_modules/one': {} })).to.equal(byFiles)
      write('one/index.js', 'new')
      expect(await recordWith()).to.not.equal(byFiles)
    })

    it('has nothing without a layer, and says how to add some', async () => {
      const none = await (await inventory('nodejs:20', { layers: [] })).of('nodejs:20')
      expect(none.distributions.size).to.equal(0)
      expect(none.howToAdd).to.contain('npm install --prefix DIRECTORY NAME')
    })
  })

  describe('over time', () => {
    beforeEach(() => distribution('mine', '1.0', { 'mine/__init__.py': 'x = 1' }))

    it('is read once', async () => {
      const all = await inventory('python:3')
      const [first, second] = await Promise.all([all.of('python:3'), all.of('python:3')])
      nowMs += 5000
      expect(second).to.equal(first)
      expect(await all.of('python:3')).to.equal(first)
    })

    it('is read again when a package comes, goes or is updated', async () => {
      const all = await inventory('python:3')
      const version = async () => {
        nowMs += 5000
        return (await all.of('python:3')).distributions.get('mine')?.version
      }
      expect(await version()).to.equal('1.0')
      distribution('other', '1.0', { 'other.py': '' })
      expect((await version()) && (await all.of('python:3')).modules.has('other')).to.equal(true)
      remove('mine-1.0.dist-info')
      distribution('mine', '1.1', { 'mine/__init__.py': 'x = 2' })
      expect(await version()).to.equal('1.1')
      remove('mine-1.1.dist-info')
      remove('mine')
      expect(await version()).to.equal(undefined)
    })

    it('tells whether packages are as they were', async () => {
      distribution('other', '1.0', { 'other.py': '' })
      const all = await inventory('python:3')
      const { distributions } = await all.of('python:3')
      const of = (name: string) => [...distributions.values()].filter((one) => one.name === name)
      const isCurrent = (name: string) => {
        nowMs += 5000
        return all.isCurrent('python:3', of(name))
      }
      expect(await isCurrent('mine')).to.equal(true)
      remove('mine-1.0.dist-info')
      distribution('mine', '1.0', { 'mine/__init__.py': 'x = 2', 'mine/more.py': '' })
      expect(await isCurrent('mine')).to.equal(false)
      expect(await isCurrent('other')).to.equal(true)
      expect(await all.isCurrent('python:3', [{ name: 'unheard', version: '1', record: 'r' }])).to.equal(false)
    })

    it('takes a package that was only touched for what it is', async () => {
      const all = await inventory('python:3')
      const { distributions } = await all.of('python:3')
      utimesSync(join(folder, 'mine/__init__.py'), 1, 1)
      nowMs += 5000
      const mine = [...distributions.values()].filter(({ name }) => name === 'mine')
      expect(await all.isCurrent('python:3', mine)).to.equal(true)
    })

    it('notices a package without a record by its files', async () => {
      write('bare.py', 'x = 1')
      const all = await inventory('python:3')
      const bare = [...(await all.of('python:3')).distributions.values()].filter(({ name }) => name === 'bare')
      write('bare.py', 'x = 22')
      nowMs += 5000
      expect(bare).to.have.length(1)
      expect(await all.isCurrent('python:3', bare)).to.equal(false)
    })

    it('looks at the disk at most once a second', async () => {
      const all = await inventory('python:3')
      const mine = [...(await all.of('python:3')).distributions.values()].filter(({ name }) => name === 'mine')
      expect(await all.isCurrent('python:3', mine)).to.equal(true)
      remove('mine')
      nowMs += 900
      expect(await all.isCurrent('python:3', mine)).to.equal(true)
      nowMs += 100
      expect(await all.isCurrent('python:3', mine)).to.equal(false)
    })
  })

  it('has another number for another environment, and the same for the same', async () => {
    const number = async (env: object) => (await (await inventory('python:3', { env })).of('python:3')).runtimeBuild
    const first = await number({ LANG: 'C' })
    expect(first).to.match(/^[0-9a-f]{64}$/)
    expect(await number({ LANG: 'C' })).to.equal(first)
    expect(await number({ LANG: 'C.UTF-8' })).to.not.equal(first)
  })

  it('faults a kind that this host does not run, and one whose packages cannot be read', async () => {
    const all = await inventory('python:3', { env: { PYTHONHOME: '/nowhere' } })
    for (const kind of ['cobol:1', 'python:3']) {
      expect(isFault(await faultOf(all.of(kind)), 'KIND_UNAVAILABLE')).to.equal(true)
    }
  })
})
