import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { expect } from 'chai'
import { HttpActionClient } from '../../invoker/adapters/action-http/http-action-client.ts'
import { systemClock } from '../../invoker/adapters/clock/system-clock.ts'
import { discoverHostRuntimes, type HostRuntimes } from '../../invoker/adapters/host-runtimes/host-runtimes.ts'
import type { RuncFactory } from '../../invoker/adapters/runc/factory.ts'
import { type Layer, parseManifest } from '../../invoker/domain/manifest.ts'
import { aZip } from '../support/a-zip.ts'
import { aRuncFactory, skip, whyNoRunc } from '../support/factories.ts'
import { ownManifest } from '../support/runtime-languages.ts'
import { aSpec } from '../support/tiny-runtime.ts'

const runtimesFolder = resolve(import.meta.dirname, '../../runtimes')
const never = new AbortController().signal
const limits = { timeoutMs: 10_000, maxBytes: 1_000_000, truncationBytes: 1000 }
const image = { prefix: 'openwhisk', name: 'action', tag: 'nightly' }

const python = `
import layered
def main(args):
    try:
        open(layered.__file__, "a")
        written = True
    except OSError:
        written = False
    return {"from": layered.NAME, "written": written}
`
const commonJs = 'const main = () => ({ from: require("layered").name })'
const module = 'import { name } from "layered"\nexport const main = () => ({ from: name })\n'

describe('packages of a layer', () => {
  let folder = ''
  let host: HostRuntimes
  let factory: RuncFactory

  before(async function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
    folder = mkdtempSync(join(tmpdir(), 'ww-layers-'))
    write('python/layered.py', 'NAME = "a layer"\n')
    write('node_modules/layered/package.json', '{ "name": "layered", "version": "1.0.0", "main": "index.js" }')
    write('node_modules/layered/index.js', 'exports.name = "a layer"\n')
    const own = ownManifest()
    const kind = (name: string, layers: readonly Layer[]) => {
      const host = { ...own.kinds.get(name)?.host, layers }
      return { [name.split(':')[0] ?? '']: [{ kind: name, image, host }] }
    }
    const runtimes = {
      ...kind('python:3', [{ source: join(folder, 'python') }]),
      ...kind('nodejs:20', [{ source: join(folder, 'node_modules') }]),
    }
    const manifest = parseManifest({ runtimes })
    host = await discoverHostRuntimes({ manifest, builds: manifest, runtimesFolder })
    factory = aRuncFactory({ launchOf: host.offeredLaunch })
    await factory.start()
  })
  after(async () => {
    await factory?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  function write(path: string, text: string): void {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }

  /** What an action answers in a container of its own. */
  async function answer(kind: string, action: { readonly code: string; readonly binary: boolean }): Promise<string> {
    const container = await factory.create(aSpec({ kind }), never)
    const connection = new HttpActionClient({ clock: systemClock }).connect(container.endpoint)
    try {
      const init = await connection.init({ value: { name: 'a', main: 'main', env: {}, ...action } }, limits)
      expect(init).to.include({ kind: 'answered', statusCode: 200 })
      const run = await connection.run({ value: {} }, limits)
      return run.kind === 'answered' ? run.body.trim() : run.kind
    } finally {
      await connection.close()
      await container.destroy()
    }
  }

  it('can be imported in Python, and not be changed', async () => {
    expect(JSON.parse(await answer('python:3', { code: python, binary: false }))).to.deep.equal({
      from: 'a layer',
      written: false,
    })
  })

  it('can be required and imported in Node.js', async () => {
    expect(await answer('nodejs:20', { code: commonJs, binary: false })).to.equal('{"from":"a layer"}')
    const code = await aZip({ 'package.json': '{ "type": "module", "main": "index.js" }', 'index.js': module })
    expect(await answer('nodejs:20', { code, binary: true })).to.equal('{"from":"a layer"}')
  })
})
