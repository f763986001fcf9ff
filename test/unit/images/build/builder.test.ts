import { expect } from 'chai'
import type { ImageRecipe, TimedImport } from '../../../../invoker/domain/dependency-image.ts'
import type { FaultCode } from '../../../../invoker/faults/catalogue.ts'
import { Fault } from '../../../../invoker/faults/fault.ts'
import { Builder, type BuildOrder, type BuildOutcome } from '../../../../invoker/images/build/builder.ts'
import { recipeFor } from '../../../../invoker/images/build/identity.ts'
import { isWithin } from '../../../../invoker/images/want/module-name.ts'
import { deferred } from '../../../../invoker/lib/deferred.ts'
import { aRecipe, type SomeImport } from '../../../support/a-recipe.ts'
import { FakeImageEngine, FakeInventory } from '../../../support/fake-image-engine.ts'

describe('Builder', () => {
  let engine: FakeImageEngine

  beforeEach(() => {
    engine = new FakeImageEngine()
  })

  async function build(
    modules: readonly SomeImport[],
    {
      builder = new Builder({ timeoutMs: 5000, memoryMb: 64 }),
      isProven = () => false,
    }: { builder?: Builder; isProven?: BuildOrder['isProven'] } = {},
  ): Promise<BuildOutcome> {
    const inventory = await new FakeInventory().of('python:3')
    const machine = { architecture: 'x64', cpu: 'cpu-1' }
    return builder.build({
      recipe: await aRecipe(...modules),
      engine,
      recipeOf: (imports) => recipeFor({ inventory, machine, engine: 'fork', imports }),
      isProven,
      onProgress: () => undefined,
    })
  }

  function refuse(code: FaultCode, why: string, isBad: (one: TimedImport) => boolean): void {
    engine.behaviour.build = ({ imports }) => {
      if (imports.some(isBad)) throw new Fault(code, why)
    }
  }

  function tried(): readonly string[] {
    return engine.asked.map(({ imports }: ImageRecipe) => imports.map(({ module }) => module).join('+'))
  }

  it('gives the image', async () => {
    expect(await build(['torch']))
      .to.have.property('image')
      .that.is.not.equal(undefined)
  })

  it('leaves out the module that the reason names, and what is below it', async () => {
    refuse('IMAGE_BUILD', 'Cannot import "torch.nn": it needs numpy', ({ module }) => isWithin(module, 'torch.nn'))
    const outcome = await build(['torch', 'torch.nn', 'torch.nn.modules', 'torch.nnx', 'numpy'])
    expect(tried()).to.deep.equal(['torch+torch.nn+torch.nn.modules+torch.nnx+numpy', 'torch+torch.nnx+numpy'])
    expect(outcome.blamed.map(({ module, distribution }) => [module, distribution])).to.deep.equal([
      ['torch.nn', 'torch'],
    ])
    expect(outcome.image?.imports).to.have.length(3)
    expect(outcome.fault?.message).to.match(/it needs numpy/)
  })

  it('goes on where one after the other is named', async () => {
    engine.behaviour.build = ({ imports }) => {
      const bogus = imports.find(({ module }) => module.startsWith('torch.bogus'))
      if (bogus) throw new Fault('IMAGE_BUILD', `Cannot import "${bogus.module}": no such module`)
    }
    const outcome = await build(['torch', 'torch.bogus1', 'torch.bogus2', 'torch.bogus3'])
    expect(outcome.image?.imports.map(({ module }) => module)).to.deep.equal(['torch'])
    expect(outcome.blamed).to.have.length(3)
  })

  it('gives up after some trials', async () => {
    engine.behaviour.build = ({ imports }) => {
      throw new Fault('IMAGE_BUILD', `Cannot import "${imports[0]?.module}": no such module`)
    }
    const outcome = await build(Array.from({ length: 50 }, (_, n) => `torch.bogus${n}`))
    expect(outcome.image).to.equal(undefined)
    expect(tried()).to.have.length(8)
  })

  it('leaves out one package after the other where the reason names none, the slowest first', async () => {
    refuse('IMAGE_UNSUITABLE', 'a socket is open', ({ module }) => module === 'PIL')
    const outcome = await build([
      ['torch', 900],
      ['PIL', 100],
      ['numpy', 200],
    ])
    expect(tried()).to.deep.equal(['torch+PIL+numpy', 'PIL+numpy', 'torch+PIL', 'torch+numpy'])
    expect(outcome.blamed.map(({ module }) => module)).to.deep.equal(['PIL'])
  })

  it('blames nobody where two are to blame, and nobody for want of memory', async () => {
    refuse('IMAGE_UNSUITABLE', 'threads', ({ module }) => module === 'PIL' || module === 'torch')
    expect(await build(['torch', 'PIL', 'numpy'])).to.deep.include({ blamed: [] })
    refuse('IMAGE_BUILD', 'no memory', () => true)
    engine.asked.length = 0
    expect(await build(['torch', 'PIL'])).to.deep.include({ blamed: [] })
    expect(tried()).to.have.length(1)
  })

  it('blames what is alone only for being unsuitable, and needs no other build for it', async () => {
    refuse('IMAGE_UNSUITABLE', '"torch" starts threads', ({ module }) => module === 'torch')
    expect((await build(['torch'])).blamed).to.have.length(1)
    refuse('IMAGE_BUILD', '"torch" needs too much memory', ({ module }) => module === 'torch')
    expect((await build(['torch'])).blamed).to.have.length(0)
    const rest = await aRecipe('PIL')
    const outcome = await build(['torch', 'PIL'], { isProven: ({ id }) => id === rest.id })
    expect(outcome.blamed.map(({ module }) => module)).to.deep.equal(['torch'])
    expect(tried()).to.deep.equal(['torch', 'torch', 'torch+PIL'])
  })

  it('is over within its time, and drops an image that comes later', async () => {
    const late = deferred()
    engine.behaviour.build = () => late.promise
    const never = engine.build.bind(engine)
    engine.build = (recipe, limits) => never(recipe, { ...limits, signal: new AbortController().signal })
    const builder = new Builder({ timeoutMs: 10, memoryMb: 64 })
    const outcome = await build(['torch'], { builder })
    expect(outcome)
      .to.have.nested.property('fault.message')
      .that.matches(/gave no image within 10 ms/)
    late.resolve()
    await deferredTurns()
    expect(engine.built.map(({ isDropped }) => isDropped)).to.deep.equal([true])
  })

  it('ends what it does when it stops', async () => {
    engine.behaviour.build = () => deferred().promise
    const builder = new Builder({ timeoutMs: 5000, memoryMb: 64 })
    const building = build(['torch'], { builder })
    await deferredTurns()
    builder.stop()
    expect(await building.catch((error: unknown) => String(error))).to.equal('Error: The invoker stops')
  })
})

/** Lets what is ready be done. */
async function deferredTurns(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve))
}
