import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { Fault } from '../../../../invoker/faults/fault.ts'
import { LoadBook } from '../../../../invoker/images/advise/load-book.ts'
import { Attempts } from '../../../../invoker/images/build/attempts.ts'
import { Planner, type Wanted, type Wish } from '../../../../invoker/images/build/planner.ts'
import { Stock } from '../../../../invoker/images/build/stock.ts'
import { deferred } from '../../../../invoker/lib/deferred.ts'
import { aManifest } from '../../../support/a-manifest.ts'
import { someImports } from '../../../support/a-recipe.ts'
import { faultOf } from '../../../support/fault-of.ts'
import { type ImageParts, imageParts } from '../../../support/image-parts.ts'

const kind = 'python:3'

describe('Stock', () => {
  let parts: ImageParts
  let planner: Planner
  let stock: Stock
  let made: string[]
  let whileMaking: Promise<void>
  let isFailing: (module: string) => boolean

  beforeEach(async () => {
    parts = await imageParts()
    made = []
    isFailing = () => false
    whileMaking = Promise.resolve()
    planner = new Planner({
      ...parts,
      ...{ loads: new LoadBook({ isShared: false }), pins: { images: [] }, runtimes: aManifest() },
      ...{ isShared: false, isLearning: true, bounds: { wasteShare: 0.8, wasteBytes: 1e9, startMs: 150 } },
    })
    stock = new Stock({ ...{ ...parts, planner, attempts: new Attempts() }, workshop: { make } })
  })

  afterEach(async () => {
    await stock.stop(AbortSignal.timeout(1000))
    await parts.shelf.stop(AbortSignal.timeout(1000))
  })

  async function make({ recipe }: Wish) {
    const name = recipe.imports.map(({ module }) => module).join('+')
    made.push(name)
    await whileMaking
    if (isFailing(name)) throw new Fault('IMAGE_BUILD', 'there is no memory')
    return parts.put('', ...recipe.imports.map(({ module, ms }) => [module, ms] as const))
  }

  function wanted(module: string): Wanted {
    return { kind, namespace: '', imports: someImports(module), isPinned: false, savedSecondsPerDay: 0 }
  }

  function request(module: string) {
    const wish = planner.wish(wanted(module))
    if (wish === undefined) throw new Error('there is no such image')
    return stock.request(wish, () => undefined)
  }

  async function pass(ms: number): Promise<void> {
    parts.clock.pass(ms)
    for (let turns = 0; turns < 20; turns += 1) await setImmediate()
  }

  it('builds what is kept, one after the other, and builds it again when it has ended', async () => {
    stock.keep(wanted('torch'))
    stock.keep(wanted('numpy'))
    await pass(20)
    expect(made).to.deep.equal(['torch', 'numpy'])
    await pass(60_000)
    const [torch] = parts.shelf.all()
    if (torch === undefined) throw new Error('it is not live')
    parts.shelf.drop(torch.key, 'ended', 'it was killed')
    stock.departed(torch, 'ended')
    await pass(20)
    expect(made).to.deep.equal(['torch', 'numpy', 'torch'])
  })

  it('waits with what ended soon after it was built', async () => {
    stock.keep(wanted('torch'))
    await pass(20)
    const [torch] = parts.shelf.all()
    if (torch === undefined) throw new Error('it is not live')
    parts.shelf.drop(torch.key, 'ended', 'it was killed')
    stock.departed(torch, 'ended')
    await pass(20)
    expect(made).to.deep.equal(['torch'])
    await pass(2000)
    expect(made).to.deep.equal(['torch', 'torch'])
  })

  it('does not bring back what made room for others', async () => {
    stock.keep(wanted('torch'))
    await pass(20)
    const [torch] = parts.shelf.all()
    if (torch === undefined) throw new Error('it is not live')
    parts.shelf.drop(torch.key, 'budget', 'there is no room')
    stock.departed(torch, 'budget')
    await pass(600_000)
    expect(made).to.deep.equal(['torch'])
  })

  it('tries again later what failed, after what was not tried yet', async () => {
    isFailing = (name) => name === 'torch'
    stock.keep(wanted('torch'))
    await pass(20)
    const busy = deferred()
    whileMaking = busy.promise
    stock.keep(wanted('PIL'))
    await pass(600_000)
    stock.keep(wanted('numpy'))
    expect(made).to.deep.equal(['torch', 'PIL'])
    busy.resolve()
    await pass(0)
    expect(made).to.deep.equal(['torch', 'PIL', 'numpy', 'torch'])
    isFailing = () => false
    await pass(20)
    await pass(600_000)
    expect(parts.shelf.all()).to.have.length(3)
  })

  it('builds at once what an operator asks for, though it failed, and says what became of it', async () => {
    isFailing = () => true
    const first = faultOf(request('torch'))
    await pass(0)
    expect((await first).code).to.equal('IMAGE_BUILD')
    isFailing = () => false
    const second = request('torch')
    await pass(0)
    const third = request('torch')
    await pass(0)
    expect(await second).to.equal(await third)
    expect(made).to.deep.equal(['torch', 'torch'])
  })

  it('builds nothing any more when it has stopped', async () => {
    const asked = request('torch').catch((error: Error) => error.message)
    await stock.stop(AbortSignal.timeout(1000))
    stock.keep(wanted('numpy'))
    await pass(1000)
    expect(await asked).to.equal('The invoker stops')
    expect(made).to.deep.equal([])
  })
})
