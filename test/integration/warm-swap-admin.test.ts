import { expect } from 'chai'
import { Fault } from '../../invoker/faults/fault.ts'
import type { BuildRequest } from '../../invoker/ports/image-admin.ts'
import type { BuildProgress } from '../../invoker/ports/image-engine.ts'
import { aDemand, recorded, WarmSwapUnderTest } from '../support/a-warm-swap.ts'
import { faultOf } from '../support/fault-of.ts'
import { type PouchDirectory, pouchDirectory } from '../support/pouch-directory.ts'

const quiet = () => undefined

describe('WarmSwap for operators', () => {
  let store: PouchDirectory
  let under: WarmSwapUnderTest

  beforeEach(async () => {
    store = await pouchDirectory()
    under = await new WarmSwapUnderTest({ database: store.databases.images }).start()
  })

  afterEach(async () => {
    await under.stop()
    await store.stop()
  })

  /** Builds, and lets the time pass that this takes. */
  async function build(request: BuildRequest, onProgress: (progress: BuildProgress) => void = quiet) {
    let isOver = false
    const building = under.images.build(request, onProgress).finally(() => {
      isOver = true
    })
    await Promise.all([under.until('it is built', () => isOver), building.catch(() => undefined)])
    return building
  }

  it('builds an image of packages, and says how that goes on', async () => {
    const seen: string[] = []
    const built = await build({ kind: 'python', packages: ['Pillow', 'torch'] }, ({ now, done, total }) => {
      seen.push(`${done}/${total} ${now}`)
    })
    expect(seen).to.deep.equal(['0/2 PIL', '1/2 torch'])
    expect(built).to.include({ kind: 'python:3', engine: 'fork', state: 'live', restores: 0, isPinned: false })
    expect(built.packages).to.deep.equal(['pillow==1.0', 'torch==1.0'])
    expect(built.residencies.map(({ invoker, state }) => [invoker, state])).to.deep.equal([['invoker0', 'live']])
    expect(JSON.parse(JSON.stringify(built))).to.deep.equal(built)
    expect(await build({ kind: 'python:3', packages: ['torch', 'pillow'] })).to.include({ id: built.id })
    expect(under.engine.asked).to.have.length(2)
  })

  it('imports of a package what is known to be used of it, or exactly the modules that are named', async () => {
    under.startCold(aDemand('import sklearn.svm'), recorded(['sklearn.svm', 'scikit-learn', 300]))
    await under.until('it is learned', () => under.liveModules.includes('sklearn.svm'))
    const used = await build({ kind: 'python:3', packages: ['scikit-learn', 'pillow'] })
    expect(used.imports.map(({ module }) => module)).to.have.members(['sklearn.svm', 'PIL'])
    const exact = await build({ kind: 'python:3', modules: ['pandas.io', 'torch.nn'] })
    expect(exact.imports.map(({ module }) => module)).to.deep.equal(['pandas.io', 'torch.nn'])
  })

  it('says of a package that is nowhere where to add it', async () => {
    const fault = await faultOf(build({ kind: 'python:3', packages: ['torch', 'nothing', 'nobody'] }))
    expect(fault.message).to.equal(
      'Cannot find the dependency image: "nothing", "nobody" is not in the runtime build of "python:3": install python3-PACKAGE on the machine',
    )
  })

  it('refuses a kind that is none, that no engine serves, or a namespace where all share', async () => {
    const codes = ['cobol:1', 'nodejs:20'].map(async (kind) => (await faultOf(build({ kind }))).code)
    expect(await Promise.all(codes)).to.deep.equal(['KIND_UNAVAILABLE', 'KIND_UNAVAILABLE'])
    expect((await faultOf(build({ kind: 'python:3', namespace: 'guest' }))).message).to.match(/for none/)
  })

  it('passes on why an image cannot be built, and tries again when asked again', async () => {
    under.engine.behaviour.build = () => {
      throw new Fault('IMAGE_UNSUITABLE', 'torch keeps a socket open')
    }
    const request = { kind: 'python:3', packages: ['torch'] }
    expect((await faultOf(build(request))).message).to.match(/keeps a socket open/)
    const [row] = (await under.images.list()).filter(({ state }) => state === 'unsuitable')
    expect(row?.packages).to.deep.equal(['torch==1.0'])
    under.engine.behaviour.build = quiet
    expect(await build(request)).to.include({ state: 'live' })
  })

  it('lists live images first, and finds one by a unique beginning of its id', async () => {
    const { id } = await build({ kind: 'python:3', packages: ['torch'] })
    await under.restore(id)
    under.engine.live.find(({ recipe }) => recipe.imports.length === 0)?.die()
    await under.until('the base image is off', async () => (await under.images.list())[1]?.state !== 'live')
    const rows = await under.images.list()
    expect(rows.map(({ packages, restores }) => [packages, restores])).to.deep.equal([
      [['torch==1.0'], 1],
      [[], 0],
    ])
    expect(await under.images.show(id.slice(0, 10).toUpperCase())).to.include({ id, restores: 1 })
    for (const unknown of ['', 'zzz']) {
      expect((await faultOf(under.images.show(unknown))).code).to.equal('IMAGE_UNKNOWN')
    }
  })

  it('removes an image here and from the database, and does not build it again at once', async () => {
    const { id } = await build({ kind: 'python:3', packages: ['torch'] })
    expect(await under.images.remove(id)).to.include({ id })
    expect(under.images.choose(aDemand('import torch'))).to.not.equal(id)
    await under.elapse(20_000)
    expect((await under.images.list()).map((row) => row.id)).to.not.include(id)
    expect(await store.databases.images.get(`image/${id}`)).to.equal(undefined)
    expect(under.liveModules).to.deep.equal([''])
  })

  it('says what it would build for the load, and what that saves', async () => {
    under.engine.behaviour.build = ({ imports }) => {
      if (imports.length > 0) throw new Fault('IMAGE_BUILD', 'no memory')
    }
    for (const code of ['import torch', 'import torch, json']) {
      under.startCold(aDemand(code), recorded(['torch', 'torch', 1800]))
    }
    const { images, budgetBytes, residentBytes } = await under.images.advise()
    const torch = images.find(({ packages }) => packages.includes('torch==1.0'))
    expect(torch).to.include({ kind: 'python:3', actions: 2, verdict: 'build', isPinned: false })
    expect(torch?.savedSecondsPerDay).to.be.greaterThan(0)
    expect(torch?.modules).to.deep.equal(['torch'])
    expect([budgetBytes, residentBytes]).to.deep.equal([1000 * 1024 * 1024, 12 * 1024 * 1024])
    expect(images.find(({ packages }) => packages.length === 0)).to.include({ isPinned: true, state: 'live' })
  })

  it('records nothing at first of code whose text is all in its image, and once when it comes again', async () => {
    const { id } = await build({ kind: 'python:3', packages: ['torch'] })
    const { action } = aDemand('import torch\ndef main(a): return a')
    expect(under.images.isUnknown(action, id)).to.equal(false)
    expect(under.images.isUnknown(action, id)).to.equal(true)
    expect(under.images.isUnknown(aDemand('import torch, importlib').action, id)).to.equal(true)
    expect(under.images.isUnknown(aDemand('import torch, PIL').action, id)).to.equal(true)
    expect(under.images.isUnknown(aDemand('import torch\n').action)).to.equal(true)
  })
})
