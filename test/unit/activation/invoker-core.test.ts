import { expect } from 'chai'
import { deferred } from '../../../invoker/lib/deferred.ts'
import type { Exchange } from '../../../invoker/ports/action-client.ts'
import { aMessage } from '../../support/a-message.ts'
import { settled } from '../../support/a-pool.ts'
import { anAction } from '../../support/an-action.ts'
import { anInvoker } from '../../support/an-invoker.ts'
import { eventually } from '../../support/eventually.ts'
import { answers, line } from '../../support/fake-containers.ts'

const soon = () => AbortSignal.timeout(2_000)

describe('InvokerCore', () => {
  it('runs a blocking activation from message to record', async () => {
    const { core, containers, send, acks, records, taken, journal } = anInvoker([anAction()])
    containers.behaviour.logs = () => ({ lines: [line('hello')], end: 'sentinels' })
    await core.start()
    const message = aMessage({ content: { name: 'Ada' } })
    await send(message)

    expect(containers.made[0]?.requests.map(({ path }) => path)).to.deep.equal(['/init', '/run'])
    const [result, completion] = acks()
    expect(result)
      .to.have.nested.property('response.response')
      .that.deep.equals({
        statusCode: 0,
        result: { name: 'Ada' },
        size: 14,
      })
    expect(result).not.to.have.property('instance')
    expect(completion).to.include({ activationId: message.activationId, isSystemError: false })
    expect(completion).not.to.have.property('response')
    expect(records.map(({ logs }) => logs)).to.deep.equal([['2026-01-01T00:00:00.123000000Z stdout: hello']])
    expect(taken.slice(0, 6).join(' ')).to.equal('received admitted leased started initialised ran')
    expect(taken.slice(6)).to.have.members(['result-sent', 'logs-collected', 'finished', 'acked', 'stored', 'done'])
    expect(journal.stepsOf(message.activationId)).to.deep.equal(['started', 'finished', 'done'])
    await core.stop(soon())
    expect(containers.alive).to.deep.equal([])
  })

  it('makes its topic, takes as many messages as OpenWhisk, and pings when it is ready', async () => {
    const { core, messaging } = anInvoker([], { settings: { topicPrefix: 'pre-' } })
    const subscribed: unknown[] = []
    const subscribe = messaging.subscribe.bind(messaging)
    messaging.subscribe = (options, onMessage) => {
      subscribed.push({ ...options, onCommitted: undefined })
      return subscribe(options, onMessage)
    }
    await core.start()
    await settled()
    expect(messaging.topics.has('pre-invoker0')).to.equal(true)
    const topic = 'pre-invoker0'
    expect(subscribed).to.deep.equal([
      { topic, group: topic, from: 'earliest', maxInFlight: 40, onCommitted: undefined },
    ])
    expect(messaging.topics.get('pre-health')?.length).to.equal(1)
    expect(core.health.isEnabled).to.equal(true)
    await core.stop(soon())
  })

  describe('stop()', () => {
    it('lets what runs end, and says first that it takes no more', async () => {
      const { core, containers, send, acks, messaging } = anInvoker([anAction()])
      const answer = deferred<Exchange>()
      containers.behaviour.run = () => answer.promise
      await core.start()
      const sent = send(aMessage())
      await eventually('the run', () => containers.made[0]?.requests.length === 2)
      const stopped = core.stop(soon())
      await settled()
      expect(JSON.parse(messaging.topics.get('health')?.at(-1) ?? '')).to.include({ isEnabled: false })
      expect(containers.alive.length).to.equal(1)
      answer.resolve(answers({ done: true }))
      await Promise.all([stopped, sent])
      expect(acks()[0]).to.have.nested.property('response.response.result.done', true)
      expect(containers.alive).to.deep.equal([])
    })

    it('cuts short what runs too long: acked and recorded as a whisk error', async () => {
      const { core, containers, send, records, acks } = anInvoker([anAction()], { settings: { drainMs: 20 } })
      containers.behaviour.run = () => new Promise(() => undefined)
      await core.start()
      const sent = send(aMessage())
      await eventually('the run', () => containers.made[0]?.requests.length === 2)
      await core.stop(soon())
      await sent
      expect(records[0]?.response).to.deep.equal({
        statusCode: 3,
        result: { error: 'The invoker stopped while the action was running.' },
      })
      expect(acks().at(-1)).to.include({ isSystemError: true })
      expect(containers.alive).to.deep.equal([])
    })

    it('leaves what had no container untouched: no ack, no record, not started', async () => {
      const big = anAction({ limits: { memory: 512 } })
      const { core, containers, send, records, journal, acks } = anInvoker([big], {
        settings: { userMemoryMb: 512, drainMs: 20 },
      })
      containers.behaviour.run = () => new Promise(() => undefined)
      await core.start()
      const [first, second] = [aMessage(), aMessage()]
      send(first).catch(() => undefined)
      await eventually('the run', () => containers.made[0]?.requests.length === 2)
      send(second).catch(() => undefined)
      await settled()
      await core.stop(soon())
      expect(records.map(({ activationId }) => activationId)).to.deep.equal([first.activationId])
      expect(journal.stepsOf(second.activationId)).to.deep.equal([])
      expect(JSON.stringify(acks())).not.to.include(second.activationId)
      expect(containers.made.length).to.equal(1)
    })
  })
})
