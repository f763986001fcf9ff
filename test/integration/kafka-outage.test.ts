import { expect } from 'chai'
import type { KafkaMessaging } from '../../invoker/adapters/kafka/kafka-messaging.ts'
import { isFault } from '../../invoker/faults/fault.ts'
import { aLog } from '../support/a-log.ts'
import { eventually } from '../support/eventually.ts'
import { ownBroker } from '../support/kafka.ts'
import { aKafkaMessaging } from '../support/kafka-messaging.ts'

type OwnBroker = Awaited<ReturnType<typeof ownBroker>>

describe('KafkaMessaging while the broker goes and comes', () => {
  let broker: OwnBroker
  let messaging: KafkaMessaging | undefined
  const log = aLog()
  const topic = 'invoker0'

  before(async () => {
    broker = await ownBroker()
  })
  afterEach(async () => {
    await messaging?.stop(AbortSignal.timeout(5000))
  })
  after(() => broker.kill())

  const restart = async (): Promise<void> => {
    broker = await ownBroker({ port: broker.port, dataDirectory: broker.dataDirectory })
  }

  it('loses nothing and hands nothing out twice when the broker is killed under load', async () => {
    const started = aKafkaMessaging(broker.hosts, { log })
    messaging = started
    await started.ensureTopic({ name: topic, retentionMs: 3_600_000 })
    const offsets: string[] = []
    const texts = new Set<string>()
    const commits: string[] = []
    const options = { topic, group: topic, maxInFlight: 4, from: 'earliest' } as const
    await started.subscribe({ ...options, onCommitted: ({ offset }) => void commits.push(offset) }, async (message) => {
      offsets.push(message.offset)
      texts.add(String(message.value))
      await new Promise((resolve) => setTimeout(resolve, 1))
    })
    const send = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) => started.send(topic, `{"n":${from + n}}`))
    const sends = send(0, 150)
    await eventually('a part of them handled', () => offsets.length > 50)
    sends.push(...send(150, 200))
    await broker.kill()
    sends.push(...send(200, 300))
    await restart()
    await Promise.all(sends)
    await eventually('all texts', () => texts.size === 300)
    expect(new Set(offsets).size, 'offsets handed out').to.equal(offsets.length)
    const end = String(offsets.length)
    await eventually('everything committed', () => commits.at(-1) === end)
  })

  it('tells of the outage once a cause and of its end, not once an attempt', () => {
    const told = log.lines.filter(({ event }) => event.startsWith('kafka does not answer') && !event.endsWith('yet'))
    const causes = told.map(({ fields }) => fields.cause)
    expect(causes.length).to.be.within(1, 8)
    expect(log.lines.some(({ event }) => event === 'kafka answers again')).to.equal(true)
    expect(log.lines.filter(({ level }) => level === 'error')).to.deep.equal([])
  })

  it('starts while the broker is away, and works when it is there', async () => {
    await broker.kill()
    const started = aKafkaMessaging(broker.hosts)
    messaging = started
    const got: string[] = []
    const ready = started.ensureTopic({ name: 'late', retentionMs: 3_600_000 })
    const subscribed = ready.then(() =>
      started.subscribe(
        { topic: 'late', group: 'late', maxInFlight: 1, from: 'earliest' },
        async ({ value }) => void got.push(String(value)),
      ),
    )
    await restart()
    await subscribed
    await started.send('late', '1')
    await eventually('the message', () => got.length === 1)
  })

  it('gives up what waits when it is stopped in an outage, and says so', async () => {
    const started = aKafkaMessaging(broker.hosts)
    messaging = started
    await started.send(topic, '1')
    await broker.kill()
    const sending = started.send(topic, '2').then(
      () => undefined,
      (error: unknown) => error,
    )
    await started.stop(AbortSignal.timeout(200))
    expect(isFault(await sending, 'MESSAGING_UNAVAILABLE')).to.equal(true)
  })
})
