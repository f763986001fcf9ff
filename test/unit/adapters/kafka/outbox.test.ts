import { expect } from 'chai'
import type { Producer, ProducerRecord, RecordMetadata } from 'kafkajs'
import { Outage } from '../../../../invoker/adapters/kafka/outage.ts'
import { Outbox } from '../../../../invoker/adapters/kafka/outbox.ts'
import { isFault } from '../../../../invoker/faults/fault.ts'
import { Background } from '../../../../invoker/lib/background.ts'
import { aLog } from '../../../support/a-log.ts'
import { eventually } from '../../../support/eventually.ts'

type Answer = (record: ProducerRecord) => Promise<RecordMetadata[]>

/** An outbox on a producer that answers as it is told, and keeps what was asked of it. */
function anOutbox(answer: Answer) {
  const requests: { topic: string; values: string[] }[] = []
  const ends: [string, number][] = []
  const producer = {
    connect: async () => undefined,
    disconnect: async () => undefined,
    send: (record: ProducerRecord) => {
      requests.push({ topic: record.topic, values: record.messages.map(({ value }) => String(value)) })
      return answer(record)
    },
  } as unknown as Producer
  const stopping = new AbortController()
  const outbox = new Outbox({
    producer,
    maxMessageBytes: 1000,
    outage: new Outage(aLog()),
    background: new Background((_, error) => expect.fail(String(error))),
    signal: stopping.signal,
    onSent: (topic, end) => ends.push([topic, end]),
  })
  return { outbox, requests, ends, stopping }
}

const sent = async ({ topic }: ProducerRecord): Promise<RecordMetadata[]> => [
  { topicName: topic, partition: 0, errorCode: 0, baseOffset: '7' },
]
const failure = (fields: object) => Promise.reject(Object.assign(new Error('failed'), fields))

describe('Outbox', () => {
  it('sends what is sent in one breath in one request a topic, in order', async () => {
    const { outbox, requests, ends } = anOutbox(sent)
    await Promise.all([outbox.send('a', '1'), outbox.send('b', '2'), outbox.send('a', '3')])
    expect(requests).to.deep.equal([
      { topic: 'a', values: ['1', '3'] },
      { topic: 'b', values: ['2'] },
    ])
    expect(ends).to.deep.equal([
      ['a', 9],
      ['b', 8],
    ])
  })

  it('has one request a topic in flight, and gathers meanwhile', async () => {
    const answers: (() => void)[] = []
    const { outbox, requests } = anOutbox(async (record) => {
      await new Promise<void>((resolve) => answers.push(resolve))
      return sent(record)
    })
    const all = [outbox.send('a', '1')]
    await eventually('the first request', () => requests.length === 1)
    for (const text of ['2', '3', '4']) all.push(outbox.send('a', text))
    answers[0]?.()
    await eventually('the second request', () => requests.length === 2)
    answers[1]?.()
    await Promise.all(all)
    expect(requests.map(({ values }) => values)).to.deep.equal([['1'], ['2', '3', '4']])
  })

  it('sends again in an outage, before what came later', async () => {
    let tries = 0
    const { outbox, requests } = anOutbox((record) => {
      tries += 1
      return tries <= 2 ? failure({ retriable: true }) : sent(record)
    })
    await Promise.all([
      outbox.send('a', '1'),
      new Promise((resolve) => setImmediate(resolve)).then(() => outbox.send('a', '2')),
    ])
    expect(requests.map(({ values }) => values[0])).to.deep.equal(['1', '1', '1', '2'])
  })

  it('refuses what cannot fit without sending it, and the largest that fits goes', async () => {
    const { outbox, requests } = anOutbox(sent)
    const error = await outbox.send('a', 'é'.repeat(457)).catch((reason: unknown) => reason)
    expect(isFault(error, 'MESSAGE_TOO_LARGE')).to.equal(true)
    expect(requests).to.deep.equal([])
    await outbox.send('a', 'é'.repeat(456))
  })

  it('lets one message that the broker finds too large fail alone', async () => {
    const { outbox } = anOutbox((record) =>
      record.messages.some(({ value }) => String(value) === 'big')
        ? failure({ type: 'MESSAGE_TOO_LARGE' })
        : sent(record),
    )
    const results = await Promise.allSettled(['1', 'big', '2'].map((text) => outbox.send('a', text)))
    expect(results.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('tells of a topic that is not there, and goes on with others', async () => {
    const { outbox } = anOutbox((record) =>
      record.topic === 'missing' ? failure({ type: 'UNKNOWN_TOPIC_OR_PARTITION' }) : sent(record),
    )
    const error = await outbox.send('missing', '1').catch((reason: unknown) => reason)
    expect(isFault(error, 'MESSAGING_REFUSED')).to.equal(true)
    await outbox.send('a', '1')
  })

  it('gives up what is in an outage when it is stopped', async () => {
    const { outbox, requests, stopping } = anOutbox(() => failure({ retriable: true }))
    const sending = outbox.send('a', '1').catch((reason: unknown) => reason)
    await eventually('a first try', () => requests.length > 0)
    stopping.abort()
    expect(isFault(await sending, 'MESSAGING_UNAVAILABLE')).to.equal(true)
  })
})
