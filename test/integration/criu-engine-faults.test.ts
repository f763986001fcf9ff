import { readdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { CriuEngineOptions } from '../../invoker/adapters/criu/options.ts'
import type { LiveImage } from '../../invoker/ports/image-engine.ts'
import { aCriuEngine, aNodeRecipe, aNodeSpec, type CriuParts } from '../support/a-criu-engine.ts'
import { buildLimits } from '../support/a-fork-engine.ts'
import { eventually } from '../support/eventually.ts'
import { skip, whyNoRunc } from '../support/factories.ts'
import { faultOf } from '../support/fault-of.ts'
import { runsScript } from '../support/node-action.ts'

const never = new AbortController().signal

describe('a CRIU engine that meets', function () {
  this.timeout(60_000)
  let parts: CriuParts | undefined
  const good = aNodeRecipe('plain-package')

  before(function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
  })
  afterEach(async () => {
    await parts?.stop()
    parts = undefined
  })
  async function engine(more: Partial<CriuEngineOptions> = {}): Promise<CriuParts> {
    parts = await aCriuEngine(more)
    return parts
  }
  async function works(image: LiveImage): Promise<void> {
    const container = await image.restore(aNodeSpec(), never)
    expect(await runsScript(container, 'return 1')).to.equal(1)
    await container.destroy()
  }

  it('a full tmpfs: says so, keeps nothing, and builds again', async () => {
    const { engine: small, directory } = await engine({ budgetBytes: 12 * 1024 * 1024 })
    const first = await small.build(good, buildLimits())
    const fault = await faultOf(small.build(aNodeRecipe('builds-on-plain'), buildLimits()))
    expect([fault.code, fault.message]).to.satisfy(
      ([code, text]: string[]) => code === 'IMAGE_BUILD' && /No space left|files are incomplete/.test(text ?? ''),
      fault.message,
    )
    expect(readdirSync(directory)).to.have.length(1)
    await works(first)
    await first.drop()
    await works(await small.build(good, buildLimits()))
  })

  it('a directory that somebody has changed: ends the image, and builds another', async () => {
    const { engine: some, directory } = await engine()
    const image = await some.build(good, buildLimits())
    const folder = join(directory, readdirSync(directory)[0] ?? '')
    truncateSync(join(folder, readdirSync(folder).find((name) => name.startsWith('core-')) ?? ''), 10)
    expect((await faultOf(image.restore(aNodeSpec(), never))).code).to.equal('IMAGE_RESTORE')
    expect(await image.ended).to.equal('its files have changed')
    await works(await some.build(good, buildLimits()))
  })

  it('a CRIU that is killed: faults, and the next restore works', async () => {
    const image = await (await engine()).engine.build(good, buildLimits())
    const spec = aNodeSpec()
    const restoring = faultOf(image.restore(spec, never))
    await eventually('a CRIU that restores', () => kill(spec.name))
    expect((await restoring).code).to.equal('IMAGE_RESTORE')
    await works(image)
  })

  it('packages that cannot be copied: says why', async () => {
    const { engine: some } = await engine()
    const fault = await faultOf(some.build(aNodeRecipe('starts-a-process'), buildLimits()))
    expect([fault.code, fault.message]).to.deep.equal([
      'IMAGE_UNSUITABLE',
      'Cannot make a dependency image of these packages: 1 processes were started',
    ])
    const ended = await faultOf(some.build(aNodeRecipe('ends-the-process'), buildLimits()))
    expect([ended.code, ended.message]).to.satisfy(
      ([code, text]: string[]) => code === 'IMAGE_BUILD' && /ended with exit code 3|socket hang up/.test(text ?? ''),
      ended.message,
    )
  })

  it('no CRIU: says so, and faults', async () => {
    const { engine: without } = await engine({ toolsDirectory: '/nowhere' })
    const why = await without.unavailable()
    // A system whose own CRIU will do needs none of ours.
    if (why === undefined) return
    expect(why).to.match(/^Restoring checkpoints needs CRIU: .*4\.1 or newer is needed$/)
    expect((await faultOf(without.build(good, buildLimits()))).code).to.equal('IMAGE_BUILD')
  })
})

/** Kills the CRIU that runs in a container, if there is one; gives whether. */
function kill(container: string): boolean {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const isCriu = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--restore-sibling')
      // nsenter has the same words.
      const isInside = /^NSpid:\t\d+\t\d+/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
      if (!isCriu || !isInside || !readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(container)) continue
      process.kill(Number(pid), 'SIGKILL')
      return true
    } catch {
      // It has ended.
    }
  }
  return false
}
