import { expect } from 'chai'
import { deferred } from '../../../invoker/lib/deferred.ts'
import type { Exchange } from '../../../invoker/ports/action-client.ts'
import { aMessage } from '../../support/a-message.ts'
import { settled } from '../../support/a-pool.ts'
import { anAction } from '../../support/an-action.ts'
import { anInvoker } from '../../support/an-invoker.ts'
import { eventually } from '../../support/eventually.ts'
import { answers, type Behaviour, FakeContainers } from '../../support/fake-containers.ts'
import { FakeImages, FakeLearner } from '../../support/fake-images.ts'
import { kindOf, noLogs } from '../../support/ran.ts'

const imports = JSON.stringify({ imports: [{ module: 'torch', distribution: 'torch', version: '2', ms: 900 }] })

/** An invoker that learns, and what it learned. */
async function aLearner(options: { readonly action?: typeof noLogs; readonly behaviour?: Partial<Behaviour> } = {}) {
  const { action = noLogs, behaviour = {} } = options
  const learner = new FakeLearner()
  const invoker = anInvoker([action], { learner })
  Object.assign(invoker.containers.behaviour, { imports: () => answers(JSON.parse(imports)) }, behaviour)
  await invoker.core.start()
  const stop = () => invoker.core.stop(AbortSignal.timeout(1_000))
  const paths = () => invoker.containers.made.flatMap(({ requests }) => requests.map(({ path }) => path))
  return { ...invoker, learner, stop, paths }
}

async function settledTwice(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await settled()
}

describe('recording imports', () => {
  it('tells the runtime before /init, and asks it after the first /run', async () => {
    const { send, paths, learner, stop } = await aLearner()
    await send(aMessage())
    await settledTwice()
    expect(paths()).to.deep.equal(['/learn', '/init', '/run', '/imports'])
    expect(learner.learned).to.deep.equal([{ action: 'hello', recorded: { answer: imports } }])
    await stop()
  })

  it('is over once the code is known, and needs nothing in a warm container', async () => {
    const { send, paths, stop } = await aLearner()
    await send(aMessage())
    await settledTwice()
    await send(aMessage())
    await settledTwice()
    expect(paths().slice(4)).to.deep.equal(['/run'])
    await stop()
  })

  it('delays no ack, and the next activation waits for its end in the same container', async () => {
    const answer = deferred<Exchange>()
    const { send, acks, records, containers, stop } = await aLearner({ behaviour: { imports: () => answer.promise } })
    await send(aMessage())
    expect(acks().map(kindOf)).to.deep.equal(['combined'])
    expect(records.length).to.equal(1)
    await settledTwice()
    expect(containers.made[0]?.requests.at(-1)?.path).to.equal('/imports')
    const next = send(aMessage())
    await settledTwice()
    expect(containers.made[0]?.requests.length, 'no request overlaps').to.equal(4)
    answer.resolve(answers({ imports: [] }))
    await next
    expect(containers.made.length).to.equal(1)
    expect(containers.made[0]?.requests.at(-1)?.path).to.equal('/run')
    await stop()
  })

  it('asks only when no other activation runs in the container', async () => {
    const runs: ReturnType<typeof deferred<Exchange>>[] = []
    const action = anAction({ limits: { logs: 0, concurrency: 2 } })
    const run: Behaviour['run'] = () => {
      const one = deferred<Exchange>()
      runs.push(one)
      return one.promise
    }
    const { send, paths, learner, stop } = await aLearner({ action, behaviour: { run } })
    const sent = [send(aMessage()), send(aMessage())]
    await eventually('two runs', () => runs.length === 2)
    runs[0]?.resolve(answers({}))
    await sent[0]
    await settledTwice()
    expect(paths()).not.to.include('/imports')
    runs[1]?.resolve(answers({}))
    await sent[1]
    await settledTwice()
    expect(paths().filter((path) => path === '/imports').length).to.equal(1)
    expect(learner.learned.length).to.equal(1)
    await stop()
  })

  it('learns from a /run that failed, before its container is destroyed', async () => {
    const run = () => answers({ error: 'it raised' }, 502)
    const { send, paths, learner, containers, stop } = await aLearner({ behaviour: { run } })
    await send(aMessage())
    await settledTwice()
    expect(paths()).to.deep.equal(['/learn', '/init', '/run', '/imports'])
    expect(learner.learned.length).to.equal(1)
    expect(containers.alive).to.deep.equal([])
    await stop()
  })

  const silent: readonly [string, Partial<Behaviour>][] = [
    ['/init failed', { init: () => answers({ error: 'no code' }, 502) }],
    ['/run was not answered', { run: () => ({ kind: 'no-response', elapsedMs: 1 }) }],
    ['/run took too long', { run: () => ({ kind: 'timeout', elapsedMs: 60_000 }) }],
    ['the runtime does not know how', { learn: () => answers({ error: 'what?' }, 404) }],
    ['the runtime cannot', { learn: () => answers({ error: 'oh' }, 500) }],
    ['the runtime does not answer', { learn: () => ({ kind: 'timeout', elapsedMs: 5_000 }) }],
  ]
  for (const [why, behaviour] of silent) {
    it(`asks nothing when ${why}, and the activation ends as it would`, async () => {
      const { send, paths, learner, acks, records, stop } = await aLearner({ behaviour })
      await send(aMessage())
      await settledTwice()
      expect(paths()).not.to.include('/imports')
      expect(learner.learned).to.deep.equal([])
      expect([acks().length, records.length]).to.deep.equal([1, 1])
      await stop()
    })
  }

  it('learns nothing from a bad answer, counts it, and the container goes on', async () => {
    const { send, learner, meter, containers, stop } = await aLearner({
      behaviour: { imports: () => ({ kind: 'timeout', elapsedMs: 500 }) },
    })
    await send(aMessage())
    await settledTwice()
    await send(aMessage())
    expect(learner.learned).to.deep.equal([])
    expect(meter.counts.get('counter_invoker_importsUnlearned_counter_total')).to.equal(1)
    expect(containers.made.length).to.equal(1)
    await stop()
  })

  it('is not tried where the runtime may be foreign', async () => {
    class Foreign extends FakeContainers {
      override async make(...of: Parameters<FakeContainers['make']>) {
        const container = await super.make(...of)
        return Object.assign(container, { endpoint: { host: '10.0.0.2', port: 8080 } })
      }
    }
    const containers = new Foreign()
    const { core, send } = anInvoker([noLogs], {
      learner: new FakeLearner(),
      factory: containers,
      actionClient: containers,
    })
    await core.start()
    await send(aMessage())
    await settledTwice()
    expect(containers.made[0]?.requests.map(({ path }) => path)).to.deep.equal(['/init', '/run'])
    await core.stop(AbortSignal.timeout(1_000))
  })

  it('counts towards the time of /init', async () => {
    const { send, records, stop } = await aLearner({
      behaviour: { learn: () => answers({ ok: true }, 200, 3), init: () => answers({}, 200, 40) },
    })
    await send(aMessage())
    expect(records[0]?.annotations.find(({ key }) => key === 'initTime')?.value).to.equal(43)
    await stop()
  })

  it('names the image that the container came from: what that brought along was not recorded', async () => {
    const containers = new FakeContainers()
    const learner = new FakeLearner()
    const images = new FakeImages(containers)
    const { core, send } = anInvoker([noLogs], { learner, images, factory: containers, actionClient: containers })
    await core.start()
    await send(aMessage())
    await settledTwice()
    expect(learner.learned[0]?.recorded).to.deep.equal({ answer: '{"imports":[]}', image: 'id of heavy' })
    await core.stop(AbortSignal.timeout(1_000))
  })

  it('is not tried in a copy of an image that leaves nothing to learn', async () => {
    const containers = new FakeContainers()
    const learner = new FakeLearner()
    learner.complete.add('id of heavy')
    const images = new FakeImages(containers)
    const { core, send } = anInvoker([noLogs], { learner, images, factory: containers, actionClient: containers })
    await core.start()
    await send(aMessage())
    await settledTwice()
    expect(containers.made[0]?.requests.map(({ path }) => path)).to.deep.equal(['/init', '/run'])
    await core.stop(AbortSignal.timeout(1_000))
  })
})
