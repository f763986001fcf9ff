import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { expect } from 'chai'
import type { Container } from '../../invoker/ports/containers.ts'
import type { LiveImage } from '../../invoker/ports/image-engine.ts'
import { aCriuEngine, aNodeRecipe, aNodeSpec, type CriuParts } from '../support/a-criu-engine.ts'
import { buildLimits } from '../support/a-fork-engine.ts'
import { eventually } from '../support/eventually.ts'
import { kernel, skip, whyNoRunc } from '../support/factories.ts'
import { faultOf } from '../support/fault-of.ts'
import { runsScript } from '../support/node-action.ts'

const never = new AbortController().signal

/** What user code sees of the process that it is in, but for what every process has its own of. */
const look = `
  const fs = require('node:fs')
  const status = Object.fromEntries(fs.readFileSync('/proc/self/status', 'utf8').split('\\n').map((line) => line.split(':\\t')))
  const names = ['Umask', 'Uid', 'Gid', 'Groups', 'CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb', 'NoNewPrivs', 'Seccomp',
    'Seccomp_filters', 'SigBlk', 'SigIgn', 'ShdPnd']
  return {
    status: names.map((name) => name + ' ' + status[name]),
    limits: fs.readFileSync('/proc/self/limits', 'utf8'),
    files: fs.readdirSync('/proc/self/fd').map((fd) => { try { return fs.readlinkSync('/proc/self/fd/' + fd).replace(/\\[.*/, '') } catch { return 'gone' } }).sort(),
    environment: process.env,
    directory: process.cwd(),
    title: process.title,
    arguments: [process.argv, process.execArgv],
    heap: require('node:v8').getHeapStatistics().heap_size_limit,
    nice: require('node:os').getPriority(),
    parent: process.ppid,
    oom: fs.readFileSync('/proc/self/oom_score_adj', 'utf8'),
    timeNamespace: fs.readlinkSync('/proc/self/ns/time'),
    globals: Object.keys(globalThis),
    random: [Math.random.name, Math.random.length, String(Math.random), Math.random instanceof Function],
  }`

describe('images restored by CRIU', function () {
  this.timeout(240_000)
  let parts: CriuParts
  let image: LiveImage
  const made: Container[] = []

  before(async function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
    parts = await aCriuEngine()
    image = await parts.engine.build(
      aNodeRecipe('plain-package', 'draws-early', 'ticks', 'modern-package'),
      buildLimits(),
    )
  })
  after(() => parts?.stop())
  afterEach(async () => {
    await Promise.all(made.splice(0).map((container) => container.destroy()))
  })

  async function restore(more: Parameters<typeof aNodeSpec>[0] = {}): Promise<Container> {
    const container = await image.restore(aNodeSpec(more), never)
    made.push(container)
    return container
  }

  it('draw other values in each of 300 copies, from every generator of Node.js', async () => {
    const script = `
      const crypto = require('node:crypto'), { promisify } = require('node:util')
      const { random } = require('draws-early')
      const elsewhere = new Promise((resolve) => new (require('node:worker_threads').Worker)(
        'require("node:worker_threads").parentPort.postMessage([Math.random(), require("node:crypto").randomUUID()])', { eval: true }).on('message', resolve))
      return [
        Math.random(), random(), crypto.randomUUID(), crypto.randomUUID({ disableEntropyCache: true }), crypto.randomInt(2 ** 47),
        crypto.randomBytes(12).toString('hex'), (await promisify(crypto.randomBytes)(12)).toString('hex'),
        crypto.getRandomValues(new Uint32Array(3)).join(), crypto.generateKeySync('hmac', { length: 128 }).export().toString('hex'),
        crypto.generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).toString('hex'),
        crypto.createECDH('prime256v1').generateKeys('hex'), ...(await elsewhere),
        require('node:fs').mkdtempSync('/tmp/made-').slice(-6), require('node:vm').runInNewContext('Math.random()'),
      ]`
    const seen: Set<unknown>[] = []
    const draw = async (): Promise<void> => {
      const container = await image.restore(aNodeSpec(), never)
      const drawn = await runsScript<unknown[]>(container, script)
      for (const [index, value] of drawn.entries()) {
        seen[index] ??= new Set()
        seen[index].add(value)
      }
      await container.destroy()
    }
    for (let count = 0; count < 300; count += 4) await Promise.all([draw(), draw(), draw(), draw()])
    // Contexts of user code begin at one of 4,096 places of one sequence.
    expect(seen.pop()?.size).to.be.above(250)
    expect(seen.map(({ size }) => size)).to.deep.equal(seen.map(() => 300))
    expect(seen).to.have.length(14)
  })

  it('are to user code what a runtime is that was started in its container', async () => {
    const cold = await parts.factory.create(aNodeSpec(), never)
    made.push(cold)
    const [started, copy] = await Promise.all(
      [cold, await restore()].map((container) => runsScript<Look>(container, look)),
    )
    // Its own streams are open already: a started runtime opens them later.
    expect({ ...copy, files: [] }).to.deep.equal({ ...started, files: [] })
    expect(new Set(copy?.files)).to.deep.equal(new Set(started?.files))
  })

  it('live in the namespaces and control groups of their container, and nobody else does', async () => {
    const container = await restore({ name: `wsktest-${process.pid}-named`, env: { MINE: 'yes' } })
    const found = await runsScript<Record<string, string>>(
      container,
      `const fs = require('node:fs'), os = require('node:os')
       return { host: os.hostname(), hosts: fs.readFileSync('/etc/hosts', 'utf8'), env: JSON.stringify(process.env), groups: fs.readFileSync('/proc/self/cgroup', 'utf8'),
         processes: fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length, interfaces: Object.keys(os.networkInterfaces()).join() }`,
    )
    expect(found.host).to.equal(`wsktest-${process.pid}-named`)
    expect(found.hosts).to.contain(`wsktest-${process.pid}-named`)
    expect(JSON.parse(found.env ?? '')).to.deep.equal({
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      HOME: '/tmp',
      MINE: 'yes',
    })
    expect(found.processes).to.equal(2)
    expect(found.interfaces).to.equal('lo')
    const [init, copy] = processesOf(container)
    for (const name of ['mnt', 'net', 'ipc', 'uts', 'cgroup', 'pid']) {
      expect(readlinkSync(`/proc/${copy}/ns/${name}`)).to.equal(readlinkSync(`/proc/${init}/ns/${name}`))
    }
    expect(readFileSync(`/proc/${copy}/cgroup`, 'utf8')).to.equal(readFileSync(`/proc/${init}/cgroup`, 'utf8'))
    const [ofInit, ofCopy] = await Promise.all([init, copy].map((pid) => kernel.seccompFilter(Number(pid))))
    expect(ofInit && ofCopy?.equals(ofInit)).to.equal(true)
  })

  it('have what was imported, by require and by import, and print to their own container', async () => {
    const container = await restore()
    const before = Date.now()
    const found = await runsScript<{ readonly isLoaded: boolean; readonly loadedAt: number }>(
      container,
      `const isLoaded = '/node_modules/plain-package/index.js' in require.cache
       console.log('to stdout'); console.error('to stderr')
       return { isLoaded, loadedAt: (await import('/node_modules/modern-package/index.js')).loadedAt }`,
    )
    expect(found.isLoaded).to.equal(true)
    expect(found.loadedAt).to.be.below(before)
    const { lines } = await container.logs.take({
      awaitSentinels: true,
      limitBytes: 10_000,
      idleMs: 5000,
      timeoutMs: 5000,
    })
    expect(lines.map(({ stream, text }) => `${stream}: ${text}`)).to.include.members([
      'stdout: to stdout',
      'stderr: to stderr',
    ])
  })

  it('keep the time of the host, and timers go on', async () => {
    const container = await restore()
    const script = `return { now: Date.now(), told: performance.timeOrigin + performance.now(), up: Number(process.hrtime.bigint() / 1000000n), ticks: require('ticks').ticks() }`
    const first = await runsScript<Record<string, number>>(container, script)
    expect(Math.abs((first.now ?? 0) - (first.told ?? 0))).to.be.below(1000)
    const here = Number(process.hrtime.bigint() / 1_000_000n)
    expect(Math.abs(here - (first.up ?? 0))).to.be.below(60_000)
    await eventually('a timer of a package', async () => {
      const later = await runsScript<Record<string, number>>(container, script)
      return (later.ticks ?? 0) > (first.ticks ?? 0)
    })
    await runsScript(container, 'return new Promise((resolve) => setTimeout(() => resolve({}), 1))')
  })

  it('answer nobody who asks for another life', async () => {
    const container = await restore()
    const found = await runsScript<string[]>(
      container,
      `const fs = require('node:fs')
       return [...fs.readdirSync('/work'), ...fs.readdirSync('/tmp'), ...fs.readFileSync('/proc/net/unix', 'utf8').split('\\n').filter((line) => line.includes('warmwhisk'))]`,
    )
    expect(found).to.deep.equal(['action'])
  })

  it('say how they ended', async () => {
    const container = await restore()
    await runsScript(container, 'process.exit(7)').catch(() => undefined)
    expect(await container.exited).to.equal('The runtime ended with exit code 7')
  })

  it('fit the memory that they were made for; others are made when they are asked for', async () => {
    const refused = await faultOf(image.restore(aNodeSpec({ memoryMb: 128 }), never))
    expect([refused.code, refused.message]).to.deep.equal([
      'IMAGE_RESTORE',
      'Cannot restore the dependency image: it is for 256 MB, 128 MB are wanted',
    ])
    expect([image.fits?.(256), image.fits?.(128)]).to.deep.equal([true, false])
    await eventually('an image for 128 MB', () => image.fits?.(128) ?? false)
    const small = await restore({ memoryMb: 128 })
    const cold = await parts.factory.create(aNodeSpec({ memoryMb: 128 }), never)
    made.push(cold)
    const heap = "return require('node:v8').getHeapStatistics().heap_size_limit"
    expect(await runsScript(small, heap)).to.equal(await runsScript(cold, heap))
  })

  it('cost what was measured', async () => {
    const container = await restore()
    expect(image.copyBytes).to.be.above(1024 * 1024)
    expect(await image.residentBytes()).to.be.at.least(image.sizes.anonymousBytes)
    expect(container.restored?.engine).to.equal('criu')
  })
})

/** What `look` gives. */
type Look = Readonly<Record<string, unknown>> & { readonly files: readonly string[] }

/** Host's numbers of the processes of a container, its first one first. */
function processesOf(container: Container): readonly string[] {
  const ofName = readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(`/${container.id}`)
    } catch {
      return false // It has ended.
    }
  })
  return ofName.sort((a, b) => Number(a) - Number(b))
}
