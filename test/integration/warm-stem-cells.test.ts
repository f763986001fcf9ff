import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { HttpActionClient } from '../../invoker/adapters/action-http/http-action-client.ts'
import { systemClock } from '../../invoker/adapters/clock/system-clock.ts'
import type { RuncContainer } from '../../invoker/adapters/runc/container.ts'
import { MiB } from '../../invoker/domain/size.ts'
import type { Container, ContainerSpec } from '../../invoker/ports/containers.ts'
import type { LiveImage } from '../../invoker/ports/image-engine.ts'
import { aForkEngine, buildLimits, type ForkParts } from '../support/a-fork-engine.ts'
import { aMessage } from '../support/a-message.ts'
import { aModuleRecipe } from '../support/a-module-recipe.ts'
import { anAction } from '../support/an-action.ts'
import { anInvoker } from '../support/an-invoker.ts'
import { eventually } from '../support/eventually.ts'
import { skip, whyNoRunc } from '../support/factories.ts'
import { FakeContainers } from '../support/fake-containers.ts'
import { aTarget, FakeImages, FakeLearner } from '../support/fake-images.ts'
import { ownManifest } from '../support/runtime-languages.ts'

/** One real image, under the key `heavy`. */
class OneImage extends FakeImages {
  readonly made: Container[] = []
  readonly #image: LiveImage

  constructor(image: LiveImage) {
    super(new FakeContainers())
    this.#image = image
  }

  override async restore(_key: string, spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
    const container = await this.#image.restore(spec, signal)
    this.made.push(container)
    return container
  }
}

const code = 'import sys\nthere = "plain_module" in sys.modules\ndef main(args):\n  return {"there": there}'
/** The memory limit in a control group, where that one limits memory. */
function limitsIn(folder: string): number[] {
  const files = ['memory.limit_in_bytes', 'memory.max'].map((name) => join(folder, name)).filter(existsSync)
  return files.map((file) => Number(readFileSync(file, 'utf8')))
}

describe('warm stem cells of a real image', () => {
  let parts: ForkParts
  let image: LiveImage

  before(async function () {
    const why = whyNoRunc()
    if (why !== undefined) skip(this, why)
    parts = await aForkEngine()
    image = await parts.engine.build(aModuleRecipe(['json', 'plain_module']), buildLimits())
  })
  after(async () => {
    await parts?.engine.stop()
    await parts?.factory.stop()
  })

  /** An invoker that holds so many of them, for actions of Python. */
  async function stocked(count: number, names: readonly string[]) {
    const images = new OneImage(image)
    const actions = names.map((name) =>
      anAction({
        name,
        exec: { kind: 'python:3', code, binary: false },
        limits: { memory: 512, logs: 0 },
      }),
    )
    const learner = new FakeLearner()
    const invoker = anInvoker(actions, {
      factory: parts.factory,
      actionClient: new HttpActionClient({ clock: systemClock }),
      clock: systemClock,
      manifest: { ...ownManifest(), kinds: new Map() },
      images,
      learner,
      settings: { userMemoryMb: 2048 },
    })
    images.want(aTarget('heavy', count, { kind: 'python:3' }))
    await invoker.core.start()
    await eventually('stem cells', () => invoker.core.figures().warmStem.count === count)
    const run = (name: string) => invoker.send(aMessage({ action: { path: 'guest', name } }))
    const told = () =>
      invoker.records.map(({ annotations, response }) => [
        annotations.find(({ key }) => key === 'warmwhisk')?.value,
        response.result,
      ])
    return { ...invoker, images, learner, run, told, stop: () => invoker.core.stop(AbortSignal.timeout(10_000)) }
  }

  it('serve functions that were never seen before, each one once, and are replaced', async () => {
    const { run, told, records, core, stop } = await stocked(2, ['one', 'two'])
    for (const name of ['one', 'two', 'one']) await run(name)
    const starts = told().map(([how, result]) => [(how as { start?: string } | undefined)?.start, result])
    expect(starts).to.deep.equal([
      ['warm-stem-cell', { there: true }],
      ['warm-stem-cell', { there: true }],
      [undefined, { there: true }],
    ])
    expect(records[0]?.annotations.find(({ key }) => key === 'warmwhisk')?.value).to.include({
      image: image.recipe.id,
      engine: 'fork',
    })
    await eventually('new stem cells', () => core.figures().warmStem.count === 2)
    await stop()
  })

  it('get the memory limit of the action that takes them', async () => {
    const { images, run, stop } = await stocked(1, ['one'])
    const [container] = images.made as RuncContainer[]
    const limits = () => (container?.cgroup.paths ?? []).flatMap(limitsIn)
    expect(limits()).to.deep.equal([128 * MiB])
    await run('one')
    expect(limits()).to.deep.equal([512 * MiB])
    await stop()
  })

  it('go on without their template; without it and them, functions start cold', async () => {
    const { run, told, images, learner, core, stop } = await stocked(1, ['one', 'two', 'three'])
    await image.drop()
    await run('one')
    expect(told()[0]?.[0]).to.include({ start: 'warm-stem-cell' })
    await run('two')
    expect(told()[1]).to.deep.equal([{ start: 'cold' }, { there: false }])
    images.drop('heavy')
    await run('three')
    expect(told()[2]?.[0]).to.deep.equal({ start: 'cold' })
    await eventually('what was learned', () => learner.learned.length === 3)
    expect(learner.learned[0]?.recorded.image).to.equal(image.recipe.id)
    expect(core.figures().warmStem.count).to.equal(0)
    await stop()
  })
})
