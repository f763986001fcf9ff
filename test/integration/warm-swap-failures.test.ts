import { expect } from 'chai'
import { Fault } from '../../invoker/faults/fault.ts'
import { parseImagesManifest } from '../../invoker/images/images-manifest.ts'
import { deferred } from '../../invoker/lib/deferred.ts'
import { aManifest } from '../support/a-manifest.ts'
import { aDemand, recorded } from '../support/a-warm-swap.ts'
import { faultOf } from '../support/fault-of.ts'
import { codes, useWarmSwaps } from '../support/use-warm-swaps.ts'

const { torch, torchAnswer, sklearn, pillow, pillowAnswer, light } = codes
const MiB = 1024 * 1024

describe('WarmSwap where things go wrong', () => {
  const swaps = useWarmSwaps()

  describe('failing', () => {
    it('leaves an image alone that fails again and again, and takes it up when it is well', async () => {
      const { under, key } = await swaps.withTorch()
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
      const { under, key } = await swaps.withTorch()
      const late = deferred()
      under.engine.behaviour.restore = () => late.promise
      const heeding = under.engine.containers.make.bind(under.engine.containers)
      const { signal } = new AbortController()
      under.engine.containers.make = (spec, how) => heeding(spec, { ...how, signal })
      expect((await faultOf(under.restore(key))).message).to.match(/more than 100 ms/)
      expect(under.meter.counts.get('counter_images_fallback_counter_total{cause=timeout}')).to.equal(1)
      late.resolve()
      await under.until(
        'its container is ended',
        () => under.engine.containers.made.length === 1 && under.engine.containers.alive.length === 0,
      )
    })

    it('builds an image anew that is stuck', async () => {
      const { under, key } = await swaps.withTorch()
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
      const { under, key } = await swaps.withTorch()
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
      const { under, key } = await swaps.withTorch()
      under.engine.live.find(({ recipe }) => recipe.id === key)?.die()
      await under.until('it is off the shelf', () => under.images.choose(torch) !== key)
      expect((await faultOf(under.restore(key))).code).to.equal('IMAGE_RESTORE')
      await under.until('it is live again', () => under.images.choose(torch) === key)
    })

    it('waits longer and longer with an image that dies at once', async () => {
      const { under, key } = await swaps.withTorch()
      const before = under.clock.now()
      for (let n = 0; n < 3; n += 1) {
        under.engine.live.find(({ recipe }) => recipe.id === key)?.die()
        await under.until('it is off the shelf', () => under.images.choose(torch) !== key)
        await under.until('it is live again', () => under.images.choose(torch) === key)
      }
      expect(under.clock.now() - before).to.be.greaterThan(3000)
    })

    it('finds the package that is to blame, and makes an image without it', async () => {
      const under = swaps.make()
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
      expect(rows.find(({ state }) => state === 'unsuitable')?.reason).to.match(
        /starts threads.*without torch it goes well/,
      )
    })

    it('lets no invented module keep a package out of images', async () => {
      const { under, key } = await swaps.withTorch()
      under.engine.behaviour.build = ({ imports }) => {
        const bogus = imports.find(({ module }) => module.includes('bogus'))
        if (bogus) throw new Fault('IMAGE_BUILD', `Cannot import "${bogus.module}": no such module`)
      }
      const liar = aDemand('import torch\nimport torch.bogus\n')
      under.startCold(liar, recorded(['torch', 'torch', 1800], ['torch.bogus', 'torch', 900]))
      await under.until('it was tried', () => under.engine.asked.length > 2)
      await under.elapse(60_000)
      expect(under.images.choose(torch)).to.equal(key)
      expect(under.images.choose(liar)).to.equal(key)
      expect(await under.images.show(key)).to.include({ state: 'live' })
      expect(under.engine.asked).to.have.length(3)
    })

    it('takes a package up again when another version is installed', async () => {
      const under = swaps.make()
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
      const under = swaps.make()
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

    it('builds what was not tried yet before it tries again what fails', async () => {
      const images = ['torch', 'pandas', 'pillow'].map((name) => ({ kind: 'python:3', packages: [name] }))
      const pins = parseImagesManifest({ images }, aManifest())
      const under = swaps.make({ pins })
      under.engine.behaviour.build = ({ imports }) => {
        under.clock.pass(10_000)
        if (imports.some(({ module }) => module !== 'torch')) throw new Fault('IMAGE_BUILD', 'no memory')
      }
      await under.start()
      await under.until('torch is live', () => under.liveModules.includes('torch'))
      const asked = under.engine.asked.map(({ imports }) => imports[0]?.module)
      expect(asked.indexOf('torch')).to.be.within(1, 3)
    })

    it('gives up an engine that never ends a build', async () => {
      const under = swaps.make({ settings: { buildTimeoutMs: 20 } })
      under.engine.behaviour.build = ({ imports }) => (imports.length > 0 ? deferred().promise : undefined)
      await under.start()
      under.startCold(torch, torchAnswer)
      await under.until('it failed', async () => (await under.images.list()).some(({ state }) => state === 'failed'))
    })

    it('does nothing where no engine works', async () => {
      const under = swaps.make()
      under.engine.behaviour.unavailable = 'the kernel has no memfd_create'
      under.images.start()
      await under.until('that is said', () => under.log.lines.some(({ event }) => event === 'image engine unavailable'))
      expect(under.images.choose(torch)).to.equal(undefined)
      expect(under.images.isUnknown(torch.action)).to.equal(false)
      const build = under.images.build({ kind: 'python', packages: ['torch'] }, () => undefined)
      expect((await faultOf(build)).code).to.equal('KIND_UNAVAILABLE')
    })

    it('goes on from memory where there is no database', async () => {
      const away = new Proxy(swaps.database, {
        get: () => () => Promise.reject(new Fault('STORE_UNAVAILABLE', 'it is away')),
      })
      const { under, key } = await swaps.withTorch({ database: away })
      await under.restore(key)
      expect((await under.images.show(key)).packages).to.deep.equal(['torch==1.0'])
      expect(under.log.lines.filter(({ event }) => event.startsWith('database of images'))).to.have.length(1)
    })
  })

  describe('packages on disk', () => {
    it('never restores an image whose packages have changed, and builds one of what is there', async () => {
      const { under, key } = await swaps.withTorch()
      under.clock.pass(5000)
      under.inventory.update('python:3', 'torch', '2.0')
      expect((await faultOf(under.restore(key))).message).to.match(/changed on disk/)
      expect(under.images.choose(torch)).to.not.equal(key)
      await under.until('the other one is live', () => under.liveModules.includes('torch'))
      const id = under.images.choose(torch) ?? ''
      expect((await under.images.show(id)).packages).to.deep.equal(['torch==2.0'])
    })

    it('notices a change without a restore', async () => {
      const { under, key } = await swaps.withTorch()
      under.inventory.update('python:3', 'torch', '2.0')
      await under.until(
        'it is dropped',
        () => under.engine.built.find(({ recipe }) => recipe.id === key)?.isDropped === true,
      )
      expect(under.log.lines.filter(({ event }) => event === 'dependency image dropped')).to.have.length(1)
    })

    it('drops an image that requires what has changed', async () => {
      const under = await swaps.make().start()
      under.startCold(sklearn, recorded(['sklearn.svm', 'scikit-learn', 900]))
      await under.until('it is live', () => under.liveModules.includes('sklearn.svm'))
      const before = under.images.choose(sklearn)
      under.inventory.update('python:3', 'numpy', '2.0')
      await under.until('another is live', () => ![undefined, before].includes(under.images.choose(sklearn)))
    })
  })

  describe('the budget', () => {
    it('lets what saves least go for what saves more', async () => {
      const under = await swaps.make({ settings: { budgetMb: 170 } }).start()
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
      const { under, key } = await swaps.withTorch({ settings: { budgetMb: 200 } })
      const image = under.engine.live.find(({ recipe }) => recipe.id === key)
      if (image) image.bytes = 250 * MiB
      await under.elapse(20_000)
      await under.until('it is dropped', () => image?.isDropped === true)
      expect(under.liveModules).to.deep.equal([''])
      await under.elapse(120_000)
      expect(under.engine.built).to.have.length(2)
    })

    it('never drops an image while it is being restored', async () => {
      const { under, key } = await swaps.withTorch({ settings: { budgetMb: 200 } })
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
      const { under, key } = await swaps.withTorch()
      under.images.relieve()
      expect(under.images.choose(torch)).to.equal(key)
      under.clock.pass(90_000)
      under.images.relieve()
      expect(under.images.choose(torch)).to.not.equal(key)
      await under.until('it is dropped', () => under.engine.live.length === 1)
    })
  })
})
