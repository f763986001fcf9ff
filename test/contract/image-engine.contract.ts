import { expect } from 'chai'
import type { ImageRecipe } from '../../invoker/domain/dependency-image.ts'
import type { Container, ContainerSpec } from '../../invoker/ports/containers.ts'
import type { BuildLimits, BuildProgress, ImageEngine, LiveImage } from '../../invoker/ports/image-engine.ts'
import { faultOf } from '../support/fault-of.ts'

/** An engine, and recipes for it. The suite stops the engine and `release`s what is below it. */
export interface EngineUnderTest {
  readonly engine: ImageEngine
  /** A kind that it serves. */
  readonly kind: string
  /** An image of some imports that can be built. */
  readonly good: ImageRecipe
  /** One with an import that fails, and a word of the message. */
  readonly broken: { readonly recipe: ImageRecipe; readonly word: string }
  /** One whose imports cannot be restored, and a word of the reason. */
  readonly unsuitable: { readonly recipe: ImageRecipe; readonly word: string }
  /** One whose build takes longer than any test. */
  readonly endless: ImageRecipe
  aSpec(): ContainerSpec
  /** Whether a container answers. */
  answers(container: Container): Promise<boolean>
  release(): Promise<void>
}

const never = new AbortController().signal

/** What every image engine does. `make` gives one with no image. */
export function imageEngineContract(name: string, make: (context: Mocha.Context) => Promise<EngineUnderTest>): void {
  describe(`${name} as an ImageEngine`, () => {
    let under: EngineUnderTest
    let made: Container[] = []

    before(async function () {
      under = await make(this)
    })
    afterEach(async () => {
      await Promise.all(made.map((container) => container.destroy()))
      made = []
    })
    after(async () => {
      await under?.engine.stop(never)
      await under?.release()
    })

    const limits = (more: Partial<BuildLimits> = {}): BuildLimits => ({
      signal: never,
      timeoutMs: 60_000,
      memoryMb: 512,
      onProgress: () => undefined,
      ...more,
    })
    async function withImage(use: (image: LiveImage) => Promise<void>): Promise<void> {
      const image = await under.engine.build(under.good, limits())
      try {
        await use(image)
      } finally {
        await image.drop()
      }
    }
    async function restore(image: LiveImage, signal = new AbortController().signal): Promise<Container> {
      const container = await image.restore(under.aSpec(), signal)
      made.push(container)
      return container
    }

    it('serves its kind and no other, and can work here', async () => {
      expect([under.engine.serves(under.kind), under.engine.serves('cobol:60')]).to.deep.equal([true, false])
      expect(await under.engine.unavailable()).to.equal(undefined)
    })

    describe('build()', () => {
      it('tells how it goes on, and what it came to', async () => {
        const progress: BuildProgress[] = []
        const image = await under.engine.build(under.good, limits({ onProgress: (now) => progress.push(now) }))
        expect(image.recipe).to.equal(under.good)
        expect(image.imports.map(({ module }) => module)).to.deep.equal(under.good.imports.map(({ module }) => module))
        expect(Math.min(...image.imports.map(({ ms }) => ms))).to.be.at.least(0)
        expect(Math.min(...Object.values(image.sizes))).to.be.above(0)
        expect(image.buildMs).to.be.above(0)
        const { length } = under.good.imports
        expect(progress[0]).to.deep.include({ done: 0, total: length })
        expect(progress.at(-1)).to.deep.include({ done: length, total: length })
        await image.drop()
      })

      it('faults IMAGE_BUILD when an import fails, and leaves nothing', async () => {
        const { recipe, word } = under.broken
        const fault = await faultOf(under.engine.build(recipe, limits()))
        expect([fault.code, fault.facts.image]).to.deep.equal(['IMAGE_BUILD', recipe.id])
        expect(fault.message).to.contain(word)
      })

      it('faults IMAGE_UNSUITABLE with the reason, and leaves nothing', async () => {
        const { recipe, word } = under.unsuitable
        const fault = await faultOf(under.engine.build(recipe, limits()))
        expect(fault.code).to.equal('IMAGE_UNSUITABLE')
        expect(fault.message).to.contain(word)
      })

      it('faults IMAGE_BUILD when its time is over, and leaves nothing', async () => {
        expect((await faultOf(under.engine.build(under.endless, limits({ timeoutMs: 300 })))).code).to.equal(
          'IMAGE_BUILD',
        )
      })

      it('faults IMAGE_BUILD when its signal aborts, before and in the middle, and leaves nothing', async () => {
        const late = new AbortController()
        const onProgress = (): void => late.abort()
        for (const signal of [AbortSignal.abort(), late.signal]) {
          expect((await faultOf(under.engine.build(under.endless, limits({ signal, onProgress })))).code).to.equal(
            'IMAGE_BUILD',
          )
        }
      })
    })

    describe('restore()', () => {
      it('gives a container that answers, and says how it came by its image', () =>
        withImage(async (image) => {
          const spec = under.aSpec()
          const container = await image.restore(spec, never)
          made.push(container)
          expect(await under.answers(container)).to.equal(true)
          expect(container.spec).to.equal(spec)
          expect(container.restored).to.include({ image: under.good.id, engine: under.engine.name })
          expect(container.restored?.restoreMs).to.be.above(0)
        }))

      it('gives many at the same time, each its own', () =>
        withImage(async (image) => {
          const containers = await Promise.all(Array.from({ length: 6 }, () => restore(image)))
          expect(await Promise.all(containers.map((container) => under.answers(container)))).to.not.include(false)
          expect(new Set(containers.map(({ endpoint }) => JSON.stringify(endpoint))).size).to.equal(6)
        }))

      it('rejects when its signal has aborted, leaves nothing, and the next one works', () =>
        withImage(async (image) => {
          const fault = await faultOf(image.restore(under.aSpec(), AbortSignal.abort()))
          expect(fault.code).to.be.oneOf(['IMAGE_RESTORE', 'CONTAINER_CREATE'])
          expect(await under.answers(await restore(image))).to.equal(true)
        }))

      it('that is given up half-way leaves nothing, wherever it was, and the next one works', () =>
        withImage(async (image) => {
          for (let afterMs = 1; afterMs < 80; afterMs += 8) {
            const late = await image.restore(under.aSpec(), AbortSignal.timeout(afterMs)).catch(() => undefined)
            await late?.destroy()
          }
          expect(await under.answers(await restore(image))).to.equal(true)
        }))
    })

    describe('a live image', () => {
      it('takes memory while it lives, and none when it is dropped', async () => {
        const image = await under.engine.build(under.good, limits())
        expect(await image.residentBytes()).to.be.above(0)
        await image.drop()
        expect(await image.residentBytes()).to.equal(0)
      })

      it('ends with drop(), which may be called again; what was restored lives on', async () => {
        const image = await under.engine.build(under.good, limits())
        const container = await restore(image)
        await Promise.all([image.drop(), image.drop()])
        await image.drop()
        expect(await image.ended).to.be.a('string')
        expect((await faultOf(image.restore(under.aSpec(), never))).code).to.equal('IMAGE_RESTORE')
        expect(await under.answers(container)).to.equal(true)
        await container.destroy()
        expect(await container.exited).to.contain('ended')
      })
    })

    it('drops every image at stop(), builds nothing more, and what was restored lives on', async function () {
      const other = await make(this)
      const image = await other.engine.build(other.good, limits())
      const container = await image.restore(other.aSpec(), never)
      await other.engine.stop(never)
      expect(await image.ended).to.be.a('string')
      expect(await other.answers(container)).to.equal(true)
      expect((await faultOf(other.engine.build(other.good, limits()))).code).to.equal('IMAGE_BUILD')
      await container.destroy()
      await other.release()
    })
  })
}
