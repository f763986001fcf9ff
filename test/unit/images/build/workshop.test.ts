import { expect } from 'chai'
import { Fault } from '../../../../invoker/faults/fault.ts'
import { LoadBook } from '../../../../invoker/images/advise/load-book.ts'
import { Builder } from '../../../../invoker/images/build/builder.ts'
import { Planner, type Wish } from '../../../../invoker/images/build/planner.ts'
import { Workshop } from '../../../../invoker/images/build/workshop.ts'
import { ImagesMeter } from '../../../../invoker/images/images-meter.ts'
import type { ImageEntry } from '../../../../invoker/images/store/entries.ts'
import { Residencies } from '../../../../invoker/images/store/residencies.ts'
import { aManifest } from '../../../support/a-manifest.ts'
import { someImports } from '../../../support/a-recipe.ts'
import { FakeMeter } from '../../../support/fake-meter.ts'
import { faultOf } from '../../../support/fault-of.ts'
import { type ImageParts, imageParts } from '../../../support/image-parts.ts'

const kind = 'python:3'

describe('Workshop', () => {
  let parts: ImageParts
  let planner: Planner
  let residencies: Residencies
  let saved: ImageEntry[]
  let states: string[]
  let workshop: Workshop

  beforeEach(async () => {
    parts = await imageParts()
    saved = []
    states = []
    const { inventory, knowledge, clock } = parts
    residencies = new Residencies({ invoker: 'invoker0', clock, save: ({ state }) => states.push(state) })
    planner = new Planner({
      ...parts,
      ...{ loads: new LoadBook({ isShared: true }), pins: { images: [] }, runtimes: aManifest() },
      ...{ isShared: true, isLearning: true, bounds: { wasteShare: 0.8, wasteBytes: 1e9, startMs: 150 } },
    })
    workshop = new Workshop({
      ...{ ...parts, planner, residencies, meter: new ImagesMeter(new FakeMeter()) },
      builder: new Builder({ timeoutMs: 5000, memoryMb: 64 }),
      save: (entry) => saved.push(entry),
      refresh: async () => void knowledge.setInventory(await inventory.of(kind)),
    })
  })

  afterEach(() => parts.shelf.stop(AbortSignal.timeout(1000)))

  function aWish(...modules: readonly string[]): Wish {
    const imports = someImports(...modules)
    const wish = planner.wish({ kind, namespace: '', imports, isPinned: false, savedSecondsPerDay: 1 })
    if (wish === undefined) throw new Error('there is no such image')
    return wish
  }

  function make(wish: Wish) {
    return workshop.make(wish, () => undefined)
  }

  it('puts what was built on the shelf, and writes it down', async () => {
    const resident = await make(aWish('torch'))
    expect(parts.shelf.get(resident.key)).to.equal(resident)
    expect(states).to.deep.equal(['building', 'live'])
    expect(saved.map(({ recipe }) => recipe.id)).to.deep.equal([resident.image.recipe.id])
    expect(parts.knowledge.image(resident.key)?.buildMs).to.equal(100)
  })

  it('builds of the packages as they are now, whatever was wished for', async () => {
    const wish = aWish('torch')
    parts.inventory.update(kind, 'torch', '2.0')
    const resident = await make(wish)
    expect(resident.image.recipe.id).to.not.equal(wish.recipe.id)
    expect(resident.image.recipe.identity.distributions[0]?.version).to.equal('2.0')
  })

  it('says what is to blame, keeps that out of images from now on, and keeps what goes well without it', async () => {
    parts.engine.behaviour.build = ({ imports }) => {
      if (imports.some(({ module }) => module === 'torch'))
        throw new Fault('IMAGE_UNSUITABLE', '"torch" starts threads')
    }
    const wish = aWish('numpy', 'torch')
    expect((await faultOf(make(wish))).code).to.equal('IMAGE_UNSUITABLE')
    expect(parts.knowledge.whyUnsuitable(wish.recipe.id)).to.match(/without torch it goes well/)
    expect(residencies.get(wish.key)?.state).to.equal('unsuitable')
    expect(parts.knowledge.usable(kind, someImports('numpy', 'torch'))).to.have.length(1)
    expect(parts.shelf.get(aWish('numpy').key)?.image.imports.map(({ module }) => module)).to.deep.equal(['numpy'])
  })

  it('keeps what cannot be imported out of images too', async () => {
    parts.engine.behaviour.build = ({ imports }) => {
      const bogus = imports.find(({ module }) => module === 'torch.bogus')
      if (bogus) throw new Fault('IMAGE_BUILD', 'Cannot import "torch.bogus": there is no such module')
    }
    const wish = aWish('torch', 'torch.bogus')
    const resident = await make(wish)
    expect(resident.image.imports.map(({ module }) => module)).to.deep.equal(['torch'])
    expect(aWish('torch', 'torch.bogus').recipe.imports.map(({ module }) => module)).to.deep.equal(['torch'])
  })

  it('leaves what merely failed to be tried again', async () => {
    parts.engine.behaviour.build = () => {
      throw new Fault('IMAGE_BUILD', 'there is no memory')
    }
    const wish = aWish('torch')
    expect((await faultOf(make(wish))).code).to.equal('IMAGE_BUILD')
    expect(parts.knowledge.whyUnsuitable(wish.recipe.id)).to.equal(undefined)
    expect(residencies.get(wish.key)?.state).to.equal('failed')
    expect(parts.shelf.all()).to.deep.equal([])
    expect(parts.knowledge.usable(kind, wish.recipe.imports)).to.have.length(1)
  })
})
