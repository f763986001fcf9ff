import { expect } from 'chai'
import { aMessage } from '../../support/a-message.ts'
import { settled } from '../../support/a-pool.ts'
import { anInvoker } from '../../support/an-invoker.ts'
import { answers, type Behaviour, FakeContainers } from '../../support/fake-containers.ts'
import { aTarget, FakeImages } from '../../support/fake-images.ts'
import { noLogs } from '../../support/ran.ts'

/** What `warmwhisk` says on activations of one action, one after the other. */
async function told(
  options: {
    readonly live?: readonly string[]
    readonly stems?: number
    readonly behaviour?: Partial<Behaviour>
    readonly hasImages?: boolean
  } = {},
) {
  const { live = ['heavy'], stems = 0, behaviour = {}, hasImages = true } = options
  const containers = new FakeContainers()
  Object.assign(containers.behaviour, behaviour)
  const images = new FakeImages(containers, live)
  const invoker = anInvoker([noLogs], {
    factory: containers,
    actionClient: containers,
    ...(hasImages && { images }),
  })
  await invoker.core.start()
  images.want(aTarget('heavy', stems))
  await settled()
  await invoker.send(aMessage())
  await invoker.send(aMessage())
  await invoker.core.stop(AbortSignal.timeout(1_000))
  const acked = invoker.acks().map((ack) => JSON.stringify(ack).includes('"warmwhisk"'))
  const annotations = invoker.records.map(
    ({ annotations }) => annotations.find(({ key }) => key === 'warmwhisk')?.value,
  )
  return { annotations, acked }
}

describe('the annotation warmwhisk', () => {
  const restored = { image: 'id of heavy', engine: 'fork', restoreMs: 7 }

  it('tells of a warm stem cell, and is absent in a warm run', async () => {
    const { annotations, acked } = await told({ stems: 1 })
    expect(annotations).to.deep.equal([{ start: 'warm-stem-cell', ...restored }, undefined])
    expect(acked).to.deep.equal([true, false])
  })

  it('tells of a container that an image was restored into', async () => {
    expect((await told()).annotations[0]).to.deep.equal({ start: 'restored', ...restored })
  })

  it('tells of a cold start', async () => {
    expect((await told({ live: [] })).annotations[0]).to.deep.equal({ start: 'cold' })
  })

  it('is there when /init failed', async () => {
    const { annotations } = await told({ behaviour: { init: () => answers({ error: 'no' }, 502) } })
    expect(annotations).to.deep.equal([
      { start: 'restored', ...restored },
      { start: 'restored', ...restored },
    ])
  })

  it('tells of the way that served in the end, when copies of the image do not answer', async () => {
    const refused = { kind: 'refused', elapsedMs: 1 } as const
    const init: Behaviour['init'] = ({ restored }) => (restored ? refused : answers({}))
    const { annotations } = await told({ stems: 2, behaviour: { init } })
    expect(annotations).to.deep.equal([{ start: 'cold' }, undefined])
  })

  it('is never there without images', async () => {
    expect((await told({ hasImages: false })).annotations).to.deep.equal([undefined, undefined])
  })
})
