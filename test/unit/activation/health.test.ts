import { expect } from 'chai'
import { HealthPings } from '../../../invoker/activation/health.ts'
import { deferred } from '../../../invoker/lib/deferred.ts'
import { aLog } from '../../support/a-log.ts'
import { settled } from '../../support/a-pool.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { InstantMessaging } from '../../support/instant-messaging.ts'

const instance = {
  instance: 0,
  userMemory: '1 GB',
  instanceType: 'invoker',
  tags: [],
  dedicatedNamespaces: [],
} as const

function pings(messaging = new InstantMessaging()) {
  const clock = new FakeClock()
  const log = aLog()
  const health = new HealthPings({ messaging, topicPrefix: 'pre', instance, clock, log })
  const sent = () => (messaging.topics.get('prehealth') ?? []).map((text) => JSON.parse(text).isEnabled as boolean)
  return { health, clock, log, sent }
}

/** A broker that answers when it is told to. */
class Slow extends InstantMessaging {
  answer = deferred()

  override async send(topic: string, value: string): Promise<void> {
    await this.answer.promise
    await super.send(topic, value)
  }
}

describe('HealthPings', () => {
  it('pings every second, with the instance under "name"', async () => {
    const messaging = new InstantMessaging()
    const { health, clock, sent } = pings(messaging)
    health.enable()
    for (let second = 0; second < 3; second += 1) {
      await settled()
      clock.pass(1_000)
    }
    await settled()
    expect(sent()).to.deep.equal([true, true, true, true])
    expect(JSON.parse(messaging.topics.get('prehealth')?.[0] ?? '')).to.deep.equal({ name: instance, isEnabled: true })
    await health.stop()
  })

  it('pings again at once when the last one took longer, and never two at a time', async () => {
    const messaging = new Slow()
    const { health, clock, sent } = pings(messaging)
    health.enable()
    clock.pass(5_000)
    await settled()
    expect(sent()).to.deep.equal([])
    messaging.answer.resolve()
    await settled()
    clock.pass(0)
    await settled()
    expect(sent()).to.deep.equal([true, true])
    await health.stop()
  })

  it('says once that it is disabled, then is silent until it is enabled', async () => {
    const { health, clock, sent } = pings()
    expect([health.enable(), health.enable()]).to.deep.equal([true, false])
    await settled()
    expect([health.disable(), health.disable()]).to.deep.equal([true, false])
    await settled()
    clock.pass(10_000)
    await settled()
    expect(sent()).to.deep.equal([true, false])
    health.enable()
    await settled()
    expect(sent()).to.deep.equal([true, false, true])
    expect(health.isEnabled).to.equal(true)
    await health.stop()
  })

  it('goes on through an outage, and tells of it once', async () => {
    class Away extends InstantMessaging {
      isAway = true
      override async send(topic: string, value: string): Promise<void> {
        if (this.isAway) throw new Error('no broker')
        await super.send(topic, value)
      }
    }
    const messaging = new Away()
    const { health, clock, log, sent } = pings(messaging)
    health.enable()
    for (let second = 0; second < 5; second += 1) {
      await settled()
      clock.pass(1_000)
    }
    messaging.isAway = false
    await settled()
    clock.pass(1_000)
    await settled()
    expect(sent().length).to.be.at.least(1)
    expect(log.lines.map(({ event }) => event)).to.deep.equal(['cannot ping'])
    await health.stop()
  })
})
