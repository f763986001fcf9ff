import { expect } from 'chai'
import { connectKafka } from '../../invoker/adapters/kafka/connect-kafka.ts'
import type { KafkaMessaging } from '../../invoker/adapters/kafka/kafka-messaging.ts'
import { deferred } from '../../invoker/lib/deferred.ts'
import type { Subscription } from '../../invoker/ports/messaging.ts'
import { aLog } from '../support/a-log.ts'
import { eventually } from '../support/eventually.ts'
import { kafkaBroker } from '../support/kafka.ts'
import { aKafkaMessaging } from '../support/kafka-messaging.ts'

describe('KafkaMessaging in a group', () => {
  let hosts: string
  let topic: string
  let open: KafkaMessaging[] = []

  before(async () => {
    hosts = (await kafkaBroker()).hosts
  })
  beforeEach(async () => {
    topic = `group-${crypto.randomUUID()}`
    const messaging = a()
    await messaging.ensureTopic({ name: topic, retentionMs: 3_600_000 })
  })
  afterEach(async () => {
    for (const one of open) await one.stop(AbortSignal.timeout(3000))
    open = []
  })

  function a(log = aLog()): KafkaMessaging {
    const messaging = aKafkaMessaging(hosts, { log })
    open.push(messaging)
    return messaging
  }

  it('keeps its place while a handler takes far longer than the session, with every place taken', async () => {
    const log = aLog()
    const messaging = a(log)
    const held = deferred()
    let handed = 0
    await messaging.subscribe({ topic, group: topic, maxInFlight: 1, from: 'earliest' }, async () => {
      handed += 1
      await held.promise
    })
    for (let n = 0; n < 20; n += 1) await messaging.send(topic, String(n))
    // A second member that joins would get the partition if the first had lost it: it gets nothing, and the first is asked for nothing twice.
    const start = Date.now()
    await eventually('two and a half sessions', () => Date.now() - start > 5000)
    expect(handed).to.equal(1)
    const rejoined = log.lines.filter(({ fields }) => /not aware of this member|rebalanc/.test(String(fields.client)))
    expect(rejoined).to.deep.equal([])
    held.resolve()
    await eventually('all', () => handed === 20)
  })

  it('hands nothing out twice when the group is rebalanced while every place is taken', async () => {
    const first = a()
    const held = deferred()
    const handed: string[] = []
    const options = { topic, group: topic, maxInFlight: 3, from: 'earliest' } as const
    await first.subscribe(options, async ({ offset }) => {
      handed.push(offset)
      await held.promise
    })
    for (let n = 0; n < 10; n += 1) await first.send(topic, String(n))
    await eventually('three', () => handed.length === 3)
    // Another topic's consumer in the same group makes everybody join anew; the one partition stays with one of the two.
    const others: Subscription[] = []
    const other = a()
    await other.ensureTopic({ name: `${topic}-2`, retentionMs: 3_600_000 })
    others.push(await other.subscribe({ ...options, topic: `${topic}-2` }, async () => undefined))
    for (const one of others) await one.stop(AbortSignal.timeout(3000))
    held.resolve()
    await eventually('all', () => new Set(handed).size === 10)
    expect(handed.length).to.equal(10)
  })

  it('sees again after a kill only what was not done, and everything that was not', async () => {
    const first = a()
    const options = { topic, group: topic, maxInFlight: 8, from: 'earliest' } as const
    const commits: string[] = []
    const subscription = await first.subscribe(
      { ...options, onCommitted: ({ offset }) => void commits.push(offset) },
      ({ offset }) => (Number(offset) < 4 ? Promise.resolve() : new Promise(() => undefined)),
    )
    for (let n = 0; n < 8; n += 1) await first.send(topic, String(n))
    await eventually('four', () => commits.at(-1) === '4')
    await subscription.stop(AbortSignal.abort())
    const seen: string[] = []
    await a().subscribe(options, async ({ offset }) => void seen.push(offset))
    await eventually('the rest', () => seen.length >= 4)
    expect(seen).to.deep.equal(['4', '5', '6', '7'])
  })

  it('leaves nothing behind in the broker when it reads back', async () => {
    const messaging = a()
    await messaging.send(topic, '1')
    const admin = connectKafka({ brokers: [hosts], clientId: 'look', log: aLog() }).admin()
    await admin.connect()
    const groups = async () => (await admin.listGroups()).groups.map(({ groupId }) => groupId).sort()
    const before = await groups()
    for await (const message of messaging.readFrom(topic, '0')) expect(String(message.value)).to.equal('1')
    expect(await groups()).to.deep.equal(before)
    await admin.disconnect()
  })

  it('makes topics as OpenWhisk does', async () => {
    const name = `${topic}-settings`
    await a().ensureTopic({ name, retentionMs: 172_800_000, maxMessageBytes: 1_054_644 })
    const admin = connectKafka({ brokers: [hosts], clientId: 'look', log: aLog() }).admin()
    await admin.connect()
    const wanted = ['retention.ms', 'retention.bytes', 'segment.bytes', 'max.message.bytes']
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name, configNames: wanted }],
    })
    await admin.disconnect()
    const found = Object.fromEntries(
      resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]) ?? [],
    )
    expect(found).to.deep.equal({
      'retention.ms': '172800000',
      'retention.bytes': '1073741824',
      'segment.bytes': '536870912',
      'max.message.bytes': '1054644',
    })
  })
})
