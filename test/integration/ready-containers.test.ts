import { readdirSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import type { RuncContainer } from '../../invoker/adapters/runc/container.ts'
import { RuncEmptyContainer } from '../../invoker/adapters/runc/empty-container.ts'
import { placesOf } from '../../invoker/adapters/runc/places.ts'
import type { EmptyContainer } from '../../invoker/ports/empty-containers.ts'
import { aForkEngine, aPythonSpec, buildLimits, type ForkParts } from '../support/a-fork-engine.ts'
import { aModuleRecipe } from '../support/a-module-recipe.ts'
import { eventually } from '../support/eventually.ts'
import { skip, whyNoRunc } from '../support/factories.ts'
import { runs } from '../support/python-action.ts'

const never = new AbortController().signal
const SIZE = 3

describe('ready containers', () => {
  let parts: ForkParts

  before(function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
  })
  beforeEach(async () => {
    parts = await aForkEngine({ readyContainers: SIZE })
  })
  afterEach(async () => {
    await parts.engine.stop()
    await parts.factory.stop()
  })

  const ready = (): string[] =>
    readdirSync(placesOf('/run/warmwhisk', parts.instance).bundles).filter((name) => name.includes('_ready'))
  const full = (): Promise<void> => eventually('the stock is full', () => ready().length === SIZE)
  const take = async (): Promise<RuncEmptyContainer> => {
    const empty = await parts.factory.createEmpty(aPythonSpec(), never)
    if (empty instanceof RuncEmptyContainer) return empty
    throw new Error('not one of runc')
  }
  const isReady = (empty: RuncEmptyContainer): boolean => empty.parts.id.includes('_ready')

  it('are not made before anybody needs one of the kind, and then as many as set', async () => {
    expect(ready()).to.deep.equal([])
    const first = await take()
    expect(isReady(first)).to.equal(false)
    await full()
    await first.destroy()
  })

  it('become what is asked for: limits, environment, spec', async () => {
    await (await take()).destroy()
    await full()
    const image = await parts.engine.build(aModuleRecipe([]), buildLimits())
    await full()
    const spec = aPythonSpec({ memoryMb: 512, env: { __OW_API_HOST: 'mine' } })
    const container = (await image.restore(spec, never)) as RuncContainer
    expect(container.id).to.contain('_ready')
    expect(container.spec).to.equal(spec)
    expect(await runs(container, 'result = os.environ["__OW_API_HOST"]')).to.equal('mine')
    expect(await runs(container, 'result = len(bytearray(400 << 20))')).to.equal(400 * 1024 * 1024)
    await container.destroy()
  })

  it('are not used for less memory than they have temporary directories for', async () => {
    await (await take()).destroy()
    await full()
    const small = (await parts.factory.createEmpty(aPythonSpec({ memoryMb: 128 }), never)) as RuncEmptyContainer
    expect(isReady(small)).to.equal(false)
    await small.destroy()
  })

  it('are each given to one caller, and made again', async function () {
    this.timeout(120_000)
    await (await take()).destroy()
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }), async (bursts) => {
        const taken: EmptyContainer[] = []
        for (const burst of bursts) taken.push(...(await Promise.all(Array.from({ length: burst }, take))))
        const places = taken.map(({ place }) => place.listener)
        expect(new Set(places).size).to.equal(taken.length)
        await Promise.all(taken.map((empty) => empty.destroy()))
        await full()
      }),
      { numRuns: 8 },
    )
  })

  it('that end by themselves are removed, and nobody gets them', async () => {
    const first = await take()
    await full()
    // Only the stock's containers have a first process of ours and no runtime.
    const second = await take()
    process.kill(second.parts.init.pid, 'SIGKILL')
    await second.parts.init.ended
    expect(() => second.place).to.throw()
    await Promise.all([first.destroy(), second.destroy()])
  })

  it('are removed when the factory stops', async () => {
    await (await take()).destroy()
    await full()
    await parts.factory.stop()
    expect(() => ready()).to.throw('ENOENT')
  })
})
