import { expect } from 'chai'
import { Fault } from '../../invoker/faults/fault.ts'
import { parseImagesManifest } from '../../invoker/images/images-manifest.ts'
import { deferred } from '../../invoker/lib/deferred.ts'
import { aManifest } from '../support/a-manifest.ts'
import { aDemand, recorded, type WarmSwapChoices, WarmSwapUnderTest } from '../support/a-warm-swap.ts'
import { faultOf } from '../support/fault-of.ts'
import { type PouchDirectory, pouchDirectory } from '../support/pouch-directory.ts'

const torch = aDemand('import torch\ndef main(args):\n  return {}\n')
const torchAnswer = recorded(['torch', 'torch', 1800])
const sklearn = aDemand('from sklearn import svm\ndef main(args):\n  return {}\n')
const sklearnAnswer = recorded(['numpy', 'numpy', 120], ['sklearn.svm', 'scikit-learn', 900])
const pillow = aDemand('from PIL import Image\ndef main(args):\n  return {}\n')
const pillowAnswer = recorded(['PIL.Image', 'pillow', 150])
const light = aDemand('def main(args):\n  return {}\n')
const MiB = 1024 * 1024

describe('WarmSwap', () => {
  let store: PouchDirectory
  let opened: WarmSwapUnderTest[]

  beforeEach(async () => {
    store = await pouchDirectory()
    opened = []
  })

  afterEach(async () => {
    for (const under of opened) await under.stop()
    await store.stop()
    for (const { log } of opened) expect(log.lines.filter(({ level }) => level === 'error')).to.deep.equal([])
  })

  function make(choices: Partial<WarmSwapChoices> = {}): WarmSwapUnderTest {
    const under = new WarmSwapUnderTest({ database: store.databases.images, ...choices })
    opened.push(under)
    return under
  }

  /** One whose image of torch is live; its key. */
  async function withTorch(choices: Partial<WarmSwapChoices> = {}): Promise<{ under: WarmSwapUnderTest; key: string }> {
    const under = await make(choices).start()
    under.startCold(torch, torchAnswer)
    await under.until('torch is live', () => under.images.choose(torch) !== under.images.choose(light))
    return { under, key: under.images.choose(torch) ?? '' }
  }

  describe('learning', () => {
    it('builds the base image of a kind that the fork engine serves', async () => {
      const under = await make().start()
      expect(under.liveModules).to.deep.equal([''])
      expect(under.images.choose(light)).to.equal(under.engine.live[0]?.recipe.id)
    })

    it('builds an image of what a cold start imported, for every code that imports the same', async () => {
      const under = await make().start()
      expect(under.images.isUnknown(torch.action)).to.equal(true)
      under.startCold(torch, torchAnswer)
      await under.until('the image of torch is live', () => under.liveModules.includes('torch'))
      const key = under.images.choose(torch)
      expect(under.images.isUnknown(torch.action)).to.equal(false)
      expect(under.images.choose(aDemand('import torch, json\ndef main(a): return a'))).to.equal(key)
      const container = await under.restore(key ?? '')
      expect(container.restored).to.include({ image: key, engine: 'fork' })
    })

    it('begins to build within a second after the first cold start', async () => {
      const under = await make().start()
      const before = under.clock.now()
      under.startCold(torch, torchAnswer)
      await under.until('it builds', () => under.engine.asked.length > 1)
      expect(under.clock.now() - before).to.be.at.most(1000)
    })

    it('adds what an image brought along to what was recorded beside it', async () => {
      const { under, key } = await withTorch()
      const both = aDemand('import torch\nfrom PIL import Image\ndef main(args):\n  return {}\n')
      under.images.started(both, 'restored')
      under.images.learn(both, { answer: pillowAnswer, image: key })
      await under.until('an image of both is live', () =>
        under.liveModules.some((all) => /torch/.test(all) && /PIL/.test(all)),
      )
    })

    it('builds an image anew that lacks a module which its packages have', async () => {
      const under = await make().start()
      under.startCold(sklearn, sklearnAnswer)
      await under.until('svm is live', () => under.liveModules.some((all) => all.includes('sklearn.svm')))
      const id = under.images.choose(sklearn)
      const trees = aDemand('from sklearn import tree\ndef main(args):\n  return {}\n')
      under.startCold(trees, recorded(['numpy', 'numpy', 120], ['sklearn.tree', 'scikit-learn', 700]))
      await under.until('both are live', () => under.liveModules.some((all) => /svm/.test(all) && /tree/.test(all)))
      expect(under.images.choose(trees)).to.equal(id)
      await under.until('the first one is dropped', () => under.engine.live.length === 2)
    })

    it('learns nothing from an answer that is none, and goes on', async () => {
      const under = await make().start()
      for (const answer of ['', '{', '{"imports":7}', '{"imports":[{"module":1}]}']) {
        under.images.learn(torch, { answer })
      }
      expect(under.images.isUnknown(torch.action)).to.equal(true)
      expect(under.log.lines.filter(({ event }) => event === 'recorded imports cannot be read')).to.have.length(1)
    })

    it('builds only for the manifest when it is not to learn', async () => {
      const pins = parseImagesManifest(
        { images: [{ kind: 'python:3', packages: ['pillow'], stemCells: 3 }] },
        aManifest(),
      )
      const under = await make({ pins, settings: { isLearning: false } }).start()
      expect(under.images.isUnknown(torch.action)).to.equal(false)
      await under.until('the pinned image is live', () => under.liveModules.includes('PIL'))
      under.startCold(torch, torchAnswer)
      await under.until('stems are wanted', () => under.images.stems().some(({ count }) => count === 3))
      expect(under.liveModules).to.deep.equal(['', 'PIL'])
    })
  })

  describe('failing', () => {
    it('leaves an image alone that fails again and again, and takes it up when it is well', async () => {
      const { under, key } = await withTorch()
      under.engine.behaviour.restore = () => {
        throw new Fault('IMAGE_RESTORE', 'no memory')
      }
      for (let n = 0; n < 3; n += 1) expect((await faultOf(under.restore(key))).code).to.equal('IMAGE_RESTORE')
      expect(under.images.choose(torch)).to.equal(undefined)
      expect(under.images.choose(light)).to.be.a('string')
      under.engine.behaviour.restore = () => undefined
      await under.until('it may be tried', () => under.images.choose(torch) === key)
      await under.restore(key)
      expect(under.log.lines.filter(({ event }) => event.startsWith('image not restored'))).to.have.length(1)
      expect(under.meter.counts.get('counter_images_fallback_counter_total{cause=engine}')).to.equal(3)
    })

    it('gives up a restore that takes too long, and ends what comes of it later', async () => {
      const { under, key } = await withTorch()
      const late = deferred()
      under.engine.behaviour.restore = () => late.promise
      under.engine.containers.make = (
        (make) => (spec, how) =>
          make(spec, { ...how, signal: new AbortController().signal })
      )(under.engine.containers.make.bind(under.engine.containers))
      expect((await faultOf(under.restore(key))).message).to.match(/more than 100 ms/)
      expect(under.meter.counts.get('counter_images_fallback_counter_total{cause=timeout}')).to.equal(1)
      late.resolve()
      await under.until(
        'its container is ended',
        () => under.engine.containers.made.length === 1 && under.engine.containers.alive.length === 0,
      )
    })

    it('builds an image anew that is stuck', async () => {
      const { under, key } = await withTorch()
      const stuck = under.engine.live.find(({ recipe }) => recipe.id === key)
      under.engine.behaviour.restore = (image) => {
        if (image === stuck) throw new Fault('IMAGE_RESTORE', 'the template does not answer')
      }
      await under.until('it is dropped', async () => {
        await under.restore(key).catch(() => undefined)
        return stuck?.isDropped === true
      })
      await under.until('another is live', () => under.images.choose(torch) === key)
      await under.restore(key)
    })

    it('does not hold an image to blame for a container that cannot be made, nor for an impatient caller', async () => {
      const { under, key } = await withTorch()
      under.engine.behaviour.restore = () => {
        throw new Fault('CONTAINER_CREATE', 'no network')
      }
      for (let n = 0; n < 10; n += 1) expect((await faultOf(under.restore(key))).code).to.equal('CONTAINER_CREATE')
      under.engine.behaviour.restore = () => deferred().promise
      for (let n = 0; n < 10; n += 1) {
        const signal = AbortSignal.timeout(1)
        await under.restore(key, signal).catch(() => undefined)
      }
      expect(under.images.choose(torch)).to.equal(key)
    })

    it('builds an image anew whose template died, and lets no one choose it meanwhile', async () => {
      const { under, key } = await withTorch()
      under.engine.live.find(({ recipe }) => recipe.id === key)?.die()
      await under.until('it is off the shelf', () => under.images.choose(torch) !== key)
      expect((await faultOf(under.restore(key))).code).to.equal('IMAGE_RESTORE')
      await under.until('it is live again', () => under.images.choose(torch) === key)
    })

    it('waits longer and longer with an image that dies at once', async () => {
      const { under, key } = await withTorch()
      const before = under.clock.now()
      for (let n = 0; n < 3; n += 1) {
        under.engine.live.find(({ recipe }) => recipe.id === key)?.die()
        await under.until('it is off the shelf', () => under.images.choose(torch) !== key)
        await under.until('it is live again', () => under.images.choose(torch) === key)
      }
      expect(under.clock.now() - before).to.be.greaterThan(3000)
    })

    it('finds the package that is to blame, and makes an image without it', async () => {
      const under = make()
      under.engine.behaviour.build = ({ imports }) => {
        if (imports.some(({ module }) => module === 'torch')) throw new Fault('IMAGE_UNSUITABLE', 'it starts threads')
      }
      await under.start()
      const both = aDemand('import torch\nfrom PIL import Image\ndef main(args):\n  return {}\n')
      under.startCold(both, recorded(['torch', 'torch', 1800], ['PIL.Image', 'pillow', 150]))
      await under.until('an image without torch is live', () => under.liveModules.includes('PIL.Image'))
      expect(under.images.choose(both)).to.equal(under.engine.live[1]?.recipe.id)
      const asked = under.engine.asked.length
      under.startCold(torch, torchAnswer)
      await under.elapse(60_000)
      expect(under.engine.asked).to.have.length(asked)
      const rows = await under.images.list()
      expect(rows.find(({ state }) => state === 'unsuitable')?.reason).to.match(/starts threads.*without torch==1.0/)
    })

    it('takes a package up again when another version is installed', async () => {
      const under = make()
      under.engine.behaviour.build = ({ identity }) => {
        if (identity.distributions.some(({ name, version }) => name === 'torch' && version === '1.0')) {
          throw new Fault('IMAGE_UNSUITABLE', 'it starts threads')
        }
      }
      await under.start()
      under.startCold(torch, torchAnswer)
      await under.until('it was refused', () => under.engine.asked.length === 2)
      under.inventory.update('python:3', 'torch', '2.0')
      await under.until('torch is live', () => {
        under.images.learn(torch, { answer: torchAnswer.replace('1.0', '2.0') })
        return under.liveModules.includes('torch')
      })
    })

    it('tries a build again that failed, and says in the list why it did', async () => {
      const under = make()
      let failures = 2
      under.engine.behaviour.build = ({ imports }) => {
        if (imports.length > 0 && failures-- > 0) throw new Fault('IMAGE_BUILD', 'out of memory')
      }
      await under.start()
      under.startCold(torch, torchAnswer)
      await under.until('it failed', async () => (await under.images.list()).some(({ state }) => state === 'failed'))
      const failed = (await under.images.list()).find(({ state }) => state === 'failed')
      expect(failed).to.deep.include({
        packages: ['torch==1.0'],
        reason: 'Cannot build the dependency image: out of memory',
      })
      await under.until('torch is live', () => under.liveModules.includes('torch'))
    })

    it('gives up an engine that never ends a build', async () => {
      const under = make({ settings: { buildTimeoutMs: 20 } })
      under.engine.behaviour.build = ({ imports }) => (imports.length > 0 ? deferred().promise : undefined)
      await under.start()
      under.startCold(torch, torchAnswer)
      await under.until('it failed', async () => (await under.images.list()).some(({ state }) => state === 'failed'))
    })

    it('does nothing where no engine works', async () => {
      const under = make()
      under.engine.behaviour.unavailable = 'the kernel has no memfd_create'
      under.images.start()
      await under.until('that is said', () => under.log.lines.some(({ event }) => event === 'image engine unavailable'))
      expect(under.images.choose(torch)).to.equal(undefined)
      expect(under.images.isUnknown(torch.action)).to.equal(false)
      const build = under.images.build({ kind: 'python', packages: ['torch'] }, () => undefined)
      expect((await faultOf(build)).code).to.equal('KIND_UNAVAILABLE')
    })

    it('goes on from memory where there is no database', async () => {
      const away = new Proxy(store.databases.images, {
        get: () => () => Promise.reject(new Fault('STORE_UNAVAILABLE', 'it is away')),
      })
      const { under, key } = await withTorch({ database: away })
      await under.restore(key)
      expect((await under.images.show(key)).packages).to.deep.equal(['torch==1.0'])
      expect(under.log.lines.filter(({ event }) => event.startsWith('database of images'))).to.have.length(1)
    })
  })

  describe('packages on disk', () => {
    it('never restores an image whose packages have changed, and builds one of what is there', async () => {
      const { under, key } = await withTorch()
      under.clock.pass(5000)
      under.inventory.update('python:3', 'torch', '2.0')
      expect((await faultOf(under.restore(key))).message).to.match(/changed on disk/)
      expect(under.images.choose(torch)).to.not.equal(key)
      await under.until('the other one is live', () => under.liveModules.includes('torch'))
      const id = under.images.choose(torch) ?? ''
      expect((await under.images.show(id)).packages).to.deep.equal(['torch==2.0'])
    })

    it('notices a change without a restore', async () => {
      const { under, key } = await withTorch()
      under.inventory.update('python:3', 'torch', '2.0')
      await under.until(
        'it is dropped',
        () => under.engine.built.find(({ recipe }) => recipe.id === key)?.isDropped === true,
      )
      expect(under.log.lines.filter(({ event }) => event === 'dependency image dropped')).to.have.length(1)
    })

    it('drops an image that requires what has changed', async () => {
      const under = await make().start()
      under.startCold(sklearn, recorded(['sklearn.svm', 'scikit-learn', 900]))
      await under.until('it is live', () => under.liveModules.includes('sklearn.svm'))
      const before = under.images.choose(sklearn)
      under.inventory.update('python:3', 'numpy', '2.0')
      await under.until('another is live', () => ![undefined, before].includes(under.images.choose(sklearn)))
    })
  })

  describe('the budget', () => {
    it('lets what saves least go for what saves more', async () => {
      const under = await make({ settings: { budgetMb: 170 } }).start()
      under.startCold(pillow, pillowAnswer)
      await under.until('pillow is live', () => under.liveModules.includes('PIL.Image'))
      for (let n = 0; n < 5; n += 1) under.startCold(torch, torchAnswer)
      await under.until('torch is live', () => under.liveModules.includes('torch'))
      await under.until('pillow is dropped', () => !under.liveModules.includes('PIL.Image'))
      expect(under.liveModules).to.deep.equal(['', 'torch'])
      const built = under.engine.built.length
      await under.elapse(120_000)
      expect(under.engine.built).to.have.length(built)
    })

    it('measures what an image takes, and drops it when it has grown too big', async () => {
      const { under, key } = await withTorch({ settings: { budgetMb: 200 } })
      const image = under.engine.live.find(({ recipe }) => recipe.id === key)
      if (image) image.bytes = 250 * MiB
      await under.elapse(20_000)
      await under.until('it is dropped', () => image?.isDropped === true)
      expect(under.liveModules).to.deep.equal([''])
      await under.elapse(120_000)
      expect(under.engine.built).to.have.length(2)
    })

    it('never drops an image while it is being restored', async () => {
      const { under, key } = await withTorch({ settings: { budgetMb: 200 } })
      const image = under.engine.live.find(({ recipe }) => recipe.id === key)
      const going = deferred()
      under.engine.behaviour.restore = () => going.promise
      const restore = under.restore(key)
      image?.die()
      await under.until('it is off the shelf', () => under.images.choose(torch) !== key)
      expect(image?.isDropped).to.equal(false)
      going.resolve()
      await restore
      await under.until('it is dropped', () => image?.isDropped === true)
    })

    it('drops what nobody has used for a while when activations wait for memory', async () => {
      const { under, key } = await withTorch()
      under.images.relieve()
      expect(under.images.choose(torch)).to.equal(key)
      under.clock.pass(90_000)
      under.images.relieve()
      expect(under.images.choose(torch)).to.not.equal(key)
      await under.until('it is dropped', () => under.engine.live.length === 1)
    })
  })

  describe('where namespaces do not share', () => {
    it('gives each namespace images of its own', async () => {
      const under = make({ settings: { sharing: 'namespace' } })
      under.images.start()
      const [mine, yours] = ['mine', 'yours'].map((name) => aDemand(torch.action.exec.code ?? '', name))
      if (mine === undefined || yours === undefined) throw new Error('Two demands')
      await under.until('it is known', () => under.images.isUnknown(mine.action))
      under.startCold(mine, torchAnswer)
      await under.until('torch is live', () => under.liveModules.includes('torch'))
      expect(under.images.choose(mine)).to.match(/^[0-9a-f]{64}@mine$/)
      expect(under.images.choose(yours)).to.equal(undefined)
      under.images.started(yours, 'cold')
      await under.until('yours is live', () => under.images.choose(yours)?.endsWith('@yours') === true)
      expect(under.liveModules.filter((name) => name === 'torch')).to.have.length(2)
      await under.restore(under.images.choose(yours) ?? '')
    })
  })

  describe('two invokers on one database', () => {
    it('learns from the other what code imports, and builds the image before it starts there', async () => {
      const first = await make({ invoker: 'invoker0' }).start()
      const second = await make({ invoker: 'invoker1' }).start()
      expect(second.images.isUnknown(torch.action)).to.equal(true)
      first.startCold(torch, torchAnswer)
      await first.until('torch is live', () => first.images.choose(torch) !== first.images.choose(light))
      await second.until('the other knows', () => !second.images.isUnknown(torch.action))
      second.images.started(torch, 'cold')
      await second.until('torch is live there', () => second.images.choose(torch) !== second.images.choose(light))
      const id = second.images.choose(torch) ?? ''
      expect(first.images.choose(torch)).to.equal(id)
      await second.until('both say so', async () => (await second.images.show(id)).residencies.length === 2)
      const { residencies } = await second.images.show(id)
      expect(residencies.map(({ invoker, state }) => `${invoker} ${state}`).sort()).to.deep.equal([
        'invoker0 live',
        'invoker1 live',
      ])
    })

    it('does not try what the other found unsuitable', async () => {
      const first = make({ invoker: 'invoker0' })
      first.engine.behaviour.build = ({ imports }) => {
        if (imports.length > 0) throw new Fault('IMAGE_UNSUITABLE', 'it starts threads')
      }
      await first.start()
      first.startCold(torch, torchAnswer)
      await first.until('it is refused', async () =>
        (await first.images.list()).some(({ state }) => state === 'unsuitable'),
      )
      const second = await make({ invoker: 'invoker1' }).start()
      await second.until('the other knows', () => !second.images.isUnknown(torch.action))
      second.images.started(torch, 'cold')
      await second.elapse(60_000)
      expect(second.liveModules).to.deep.equal([''])
    })
  })

  describe('after a restart', () => {
    it('builds again what was live, without waiting for a call', async () => {
      const { under, key } = await withTorch()
      await under.restore(key)
      await under.stop()
      const again = await make().start()
      await again.until('torch is live', () => again.liveModules.includes('torch'))
      expect(again.images.choose(torch)).to.equal(key)
      expect((await again.images.show(key)).restores).to.equal(1)
    })

    it('gives every image back when it stops', async () => {
      const { under } = await withTorch()
      await under.stop()
      expect(under.engine.live).to.deep.equal([])
      expect(under.clock.timers).to.equal(0)
    })
  })

  describe('warm stem cells', () => {
    it('says how many to have of each image, and calls back when that changes', async () => {
      const { under, key } = await withTorch()
      let calls = 0
      const end = under.images.onStems(() => {
        calls += 1
      })
      for (let n = 0; n < 6; n += 1) under.images.started(torch, 'restored')
      await under.until('stem cells are wanted', () => under.images.stems().some(({ image }) => image === key))
      expect(calls).to.be.greaterThan(0)
      const target = under.images.stems().find(({ image }) => image === key)
      expect(target).to.include({ kind: 'python:3', memoryMb: 256, heldMb: 2 })
      end()
      under.engine.live.find(({ recipe }) => recipe.id === key)?.die()
      await under.until('none is wanted of it', () => !under.images.stems().some(({ image }) => image === key))
    })

    it('keeps apart the sizes of an image whose copies fit one size only', async () => {
      const { under, key } = await withTorch()
      const image = under.engine.live.find(({ recipe }) => recipe.id === key)
      if (image) image.fits = (memoryMb) => memoryMb === 512
      expect(under.images.choose(torch)).to.equal(undefined)
      const big = { ...torch, memoryMb: 512 }
      expect(under.images.choose(big)).to.equal(`${key}#512`)
      await under.restore(`${key}#512`)
      for (let n = 0; n < 6; n += 1) under.images.started(big, 'restored')
      await under.until('stem cells are wanted', () => under.images.stems().some((one) => one.image === `${key}#512`))
      expect(under.images.stems().find((one) => one.image === `${key}#512`)?.memoryMb).to.equal(512)
    })
  })
})
