import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { Fault } from '../../invoker/faults/fault.ts'
import { parseImagesManifest } from '../../invoker/images/images-manifest.ts'
import { deferred } from '../../invoker/lib/deferred.ts'
import { aManifest } from '../support/a-manifest.ts'
import { aDemand, recorded } from '../support/a-warm-swap.ts'
import { codes, useWarmSwaps } from '../support/use-warm-swaps.ts'

const { torch, torchAnswer, sklearn, sklearnAnswer, pillowAnswer, light } = codes

describe('WarmSwap', () => {
  const swaps = useWarmSwaps()

  describe('learning', () => {
    it('builds the base image of a kind that the fork engine serves', async () => {
      const under = await swaps.make().start()
      expect(under.liveModules).to.deep.equal([''])
      expect(under.images.choose(light)).to.equal(under.engine.live[0]?.recipe.id)
    })

    it('builds an image of what a cold start imported, for every code that imports the same', async () => {
      const under = await swaps.make().start()
      expect(under.images.isUnknown(torch.action)).to.equal(true)
      under.startCold(torch, torchAnswer)
      await under.until('the image of torch is live', () => under.liveModules.includes('torch'))
      const key = under.images.choose(torch)
      expect(under.images.isUnknown(torch.action)).to.equal(false)
      expect(under.images.choose(aDemand('import torch, json\ndef main(a): return a'))).to.equal(key)
      const container = await under.restore(key ?? '')
      expect(container.restored).to.include({ image: key, engine: 'fork' })
    })

    it('keeps what is told before it knows what can be imported', async () => {
      const under = swaps.make()
      expect(under.images.isUnknown(torch.action)).to.equal(true)
      under.startCold(torch, torchAnswer)
      await under.start()
      await under.until('the image of torch is live', () => under.liveModules.includes('torch'))
    })

    it('begins to build within a second after the first cold start', async () => {
      const under = await swaps.make().start()
      const before = under.clock.now()
      under.startCold(torch, torchAnswer)
      await under.until('it builds', () => under.engine.asked.length > 1)
      expect(under.clock.now() - before).to.be.at.most(1000)
    })

    it('adds what an image brought along to what was recorded beside it', async () => {
      const { under, key } = await swaps.withTorch()
      const both = aDemand('import torch\nfrom PIL import Image\ndef main(args):\n  return {}\n')
      under.images.started(both, 'restored')
      under.images.learn(both, { answer: pillowAnswer, image: key })
      await under.until('an image of both is live', () =>
        under.liveModules.some((all) => /torch/.test(all) && /PIL/.test(all)),
      )
    })

    it('builds an image anew that lacks a module which its packages have', async () => {
      const under = await swaps.make().start()
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
      const under = await swaps.make().start()
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
      const under = await swaps.make({ pins, settings: { isLearning: false } }).start()
      expect(under.images.isUnknown(torch.action)).to.equal(false)
      await under.until('the pinned image is live', () => under.liveModules.includes('PIL'))
      under.startCold(torch, torchAnswer)
      await under.until('stems are wanted', () => under.images.stems().some(({ count }) => count === 3))
      expect(under.liveModules).to.deep.equal(['', 'PIL'])
    })
  })

  describe('where namespaces do not share', () => {
    it('gives each namespace images of its own', async () => {
      const under = swaps.make({ settings: { sharing: 'namespace' } })
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
      const first = await swaps.make({ invoker: 'invoker0' }).start()
      const second = await swaps.make({ invoker: 'invoker1' }).start()
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
      const first = swaps.make({ invoker: 'invoker0' })
      first.engine.behaviour.build = ({ imports }) => {
        if (imports.length > 0) throw new Fault('IMAGE_UNSUITABLE', 'it starts threads')
      }
      await first.start()
      first.startCold(torch, torchAnswer)
      await first.until('it is refused', async () =>
        (await first.images.list()).some(({ state }) => state === 'unsuitable'),
      )
      const second = await swaps.make({ invoker: 'invoker1' }).start()
      await second.until('the other knows', () => !second.images.isUnknown(torch.action))
      second.images.started(torch, 'cold')
      await second.elapse(60_000)
      expect(second.liveModules).to.deep.equal([''])
    })
  })

  describe('after a restart', () => {
    it('builds again what was live, without waiting for a call', async () => {
      const { under, key } = await swaps.withTorch()
      await under.restore(key)
      await under.stop()
      const again = await swaps.make().start()
      await again.until('torch is live', () => again.liveModules.includes('torch'))
      expect(again.images.choose(torch)).to.equal(key)
      expect((await again.images.show(key)).restores).to.equal(1)
    })

    it('ends a build that is under way when it stops, and complains of nothing', async () => {
      const under = swaps.make()
      under.engine.behaviour.build = ({ imports }) => (imports.length > 0 ? deferred().promise : undefined)
      await under.start()
      under.startCold(torch, torchAnswer)
      await under.until('it builds', () => under.engine.asked.length > 1)
      const measuring = deferred<number>()
      const [base] = under.engine.live
      if (base) base.residentBytes = () => measuring.promise
      await under.elapse(60_000)
      const stopped = under.stop()
      await setImmediate()
      measuring.resolve(1)
      await stopped
      expect(under.log.lines.filter(({ level }) => level === 'error')).to.deep.equal([])
    })

    it('gives every image back when it stops', async () => {
      const { under } = await swaps.withTorch()
      await under.stop()
      expect(under.engine.live).to.deep.equal([])
      expect(under.clock.timers).to.equal(0)
    })
  })

  describe('warm stem cells', () => {
    it('says how many to have of each image, and calls back when that changes', async () => {
      const { under, key } = await swaps.withTorch()
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
      const { under, key } = await swaps.withTorch()
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
