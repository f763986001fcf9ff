import { execFileSync } from 'node:child_process'
import { readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Json } from '../../invoker/domain/json.ts'
import { npmPackages } from '../support/a-criu-engine.ts'
import { type RuntimeUnderTest, runtimeUnderTest } from '../support/runtime-client.ts'
import { runtimesFolder } from '../support/runtime-languages.ts'
import { requestsTo } from '../support/runtime-requests.ts'

describe('nodejs:20 that becomes an image', () => {
  let runtime: RuntimeUnderTest
  beforeEach(async () => {
    runtime = await runtimeUnderTest('nodejs:20', { NODE_PATH: npmPackages, OLD: 'value' })
  })
  afterEach(() => runtime.stop())

  const preload = async (module: string): Promise<{ readonly status: number; readonly body: Json }> => {
    const { status, body } = await runtime.post('/preload', { module })
    return { status, body: JSON.parse(body) }
  }

  /** Parks it; gives what it answered, and requests to where it listens then. */
  async function park() {
    const { body } = await runtime.postApart('/park', {})
    runtime.leave()
    await runtime.sentinels(1)
    return { answer: JSON.parse(body) as Json, parked: requestsTo('\0warmwhisk') }
  }

  it('C37: loads packages, in CommonJS and as ES modules, and says what that took', async () => {
    for (const module of ['builds-on-plain', '@scope/scoped']) {
      const { status, body } = await preload(module)
      expect([status, typeof (body as { readonly ms: unknown }).ms]).to.deep.equal([200, 'number'])
    }
    const { status } = await preload(join(npmPackages, 'modern-package/index.js'))
    expect(status).to.equal(200)
  })

  it('C37: says what is wrong with a package', async () => {
    expect(await preload('fails-to-load')).to.deep.equal({ status: 500, body: { error: 'this is no package' } })
    const { status, body } = await preload('surely-not-installed')
    expect([status, JSON.stringify(body)]).to.satisfy(([code, text]: [number, string]) => {
      return code === 500 && text.includes("Cannot find module 'surely-not-installed'")
    })
  })

  it('C38: comes to rest: its socket is closed, what it has open is its own, and sentinels say so', async () => {
    await preload('builds-on-plain')
    const { answer, parked } = await park()
    expect(answer).to.deep.equal({ loaded: ['builds-on-plain', 'plain-package'] })
    const open = readdirSync(`/proc/${runtime.process.pid}/fd`).map((fd) =>
      readlinkSync(`/proc/${runtime.process.pid}/fd/${fd}`),
    )
    expect(open.filter((file) => file.startsWith('socket:'))).to.have.length(1)
    expect(readlinkSync(`/proc/${runtime.process.pid}/fd/0`)).to.equal('/dev/null')
    const refused = await runtime.post('/park', {}).catch((error: Error) => error.message)
    expect(refused).to.contain('ECONNREFUSED')
    parked.leave()
  })

  it('C39: begins a life of its own, once: environment, generators, a fresh protocol', async () => {
    await preload('draws-early')
    const { parked } = await park()
    const { status, body } = await parked.post('/restored', {
      env: { NEW: 'one', __OW_ALLOW_CONCURRENT: 'true' },
      isTrial: true,
    })
    expect(status).to.equal(200)
    const { drawn } = JSON.parse(body) as { readonly drawn: readonly string[] }
    expect(drawn).to.have.length.above(5)
    expect(new Set(drawn).size).to.equal(drawn.length)
    const again = await parked.post('/restored', { env: {} })
    expect([again.status, again.body]).to.deep.equal([500, '{"error":"Cannot move from \\"awake\\" to \\"awake\\""}'])
    const found = await parked.once(
      `const main = () => ({ environment: process.env, early: require('draws-early').early.length })`,
    )
    expect(found).to.deep.equal({ environment: { NEW: 'one', __OW_ALLOW_CONCURRENT: 'true' }, early: 5 })
    parked.leave()
  })

  it('C39: wakes only what was parked', async () => {
    const { status, body } = await runtime.post('/restored', { env: {} })
    expect([status, body]).to.deep.equal([500, '{"error":"Cannot move from \\"fresh\\" to \\"awake\\""}'])
    expect(await runtime.once('const main = () => ({ old: process.env.OLD })')).to.deep.equal({ old: 'value' })
  })

  it('C39: a thousand seeds of Math.random give a thousand sequences', () => {
    const program = `
      const { seedContextOf } = require(${JSON.stringify(join(runtimesFolder, 'nodejs/random.cjs'))})
      const vm = require('node:vm')
      const drawn = new Set()
      for (let count = 0; count < 1000; count += 1) {
        const random = vm.runInNewContext('Math.random')
        seedContextOf(random)
        drawn.add(random())
      }
      process.stdout.write(String(drawn.size))`
    expect(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' })).to.equal('1000')
  })
})
