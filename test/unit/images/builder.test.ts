import { expect } from 'chai'
import type { ImageRecipe } from '../../../invoker/domain/dependency-image.ts'
import { Fault } from '../../../invoker/faults/fault.ts'
import { Builder, type BuildOrder, type BuildOutcome } from '../../../invoker/images/builder.ts'
import { recipeFor } from '../../../invoker/images/identity.ts'
import { deferred } from '../../../invoker/lib/deferred.ts'
import { aRecipe, type SomeImport } from '../../support/a-recipe.ts'
import { FakeImageEngine, FakeInventory } from '../../support/fake-image-engine.ts'

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

  function refuse(
    code: 'IMAGE_BUILD' | 'IMAGE_UNSUITABLE',
    why: string,
    isBad: (names: readonly string[]) => boolean,
  ): void {
    engine.behaviour.build = ({ imports }) => {
      if (isBad(imports.map(({ distribution }) => distribution))) throw new Fault(code, why)
    }
  }

  function tried(): readonly string[] {
    return engine.asked.map(({ imports }: ImageRecipe) => imports.map(({ module }) => module).join('+'))
  }

  it('gives the image', async () => {
    expect(await build(['torch'])).to.have.property('kind', 'built')
  })

  it('leaves out the package that the reason names first', async () => {
    refuse('IMAGE_UNSUITABLE', 'threads of "PIL"', (names) => names.includes('pillow'))
    const outcome = await build(['torch', 'PIL', 'numpy'])
    expect(tried()).to.deep.equal(['torch+PIL+numpy', 'torch+numpy'])
    expect(outcome).to.have.nested.property('blamed[0].name', 'pillow')
    expect(outcome).to.have.nested.property('without.recipe.imports').with.length(2)
  })

  it('tries one after the other where the reason names none, the slowest first', async () => {
    refuse('IMAGE_UNSUITABLE', 'a socket is open', (names) => names.includes('pillow'))
    await build([
      ['torch', 900],
      ['PIL', 100],
      ['numpy', 200],
    ])
    expect(tried()).to.deep.equal(['torch+PIL+numpy', 'PIL+numpy', 'torch+PIL', 'torch+numpy'])
  })

  it('blames nobody where two are to blame, and nobody for want of memory', async () => {
    refuse('IMAGE_UNSUITABLE', 'threads', (names) => names.includes('pillow') || names.includes('torch'))
    expect(await build(['torch', 'PIL', 'numpy'])).to.deep.include({ kind: 'refused', blamed: [] })
    refuse('IMAGE_BUILD', 'no memory', () => true)
    engine.asked.length = 0
    expect(await build(['torch', 'PIL'])).to.deep.include({ kind: 'refused', blamed: [] })
    expect(tried()).to.have.length(1)
  })

  it('blames a package that is alone without another build, and so where the rest is live already', async () => {
    refuse('IMAGE_UNSUITABLE', 'threads of torch', (names) => names.includes('torch'))
    expect(await build(['torch'])).to.have.nested.property('blamed[0].name', 'torch')
    const rest = await aRecipe('PIL')
    const outcome = await build(['torch', 'PIL'], { isProven: (id) => id === rest.id })
    expect(outcome).to.have.nested.property('blamed[0].name', 'torch')
    expect(tried()).to.deep.equal(['torch', 'torch+PIL'])
  })

  it('leaves none out that another of them requires', async () => {
    refuse('IMAGE_UNSUITABLE', 'threads of numpy', () => true)
    await build(['numpy', 'pandas'])
    expect(tried()).to.deep.equal(['numpy+pandas', 'numpy'])
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
