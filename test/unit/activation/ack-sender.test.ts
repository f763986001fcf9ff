import { expect } from 'chai'
import { AckSender } from '../../../invoker/activation/ack-sender.ts'
import { newActivationId } from '../../../invoker/domain/ids.ts'
import { newTransactionId } from '../../../invoker/domain/transid.ts'
import { Fault } from '../../../invoker/faults/fault.ts'
import type { Log } from '../../../invoker/ports/log.ts'
import { aLog } from '../../support/a-log.ts'
import { FakeMeter } from '../../support/fake-meter.ts'
import { InstantMessaging } from '../../support/instant-messaging.ts'

const activationId = newActivationId()
const parts = {
  transid: newTransactionId(),
  activationId,
  recordJson: JSON.stringify({ activationId, result: 'x'.repeat(100) }),
}
const ack = { controller: '7', parts, isSystemError: false } as const

/** Fails as often as it is told, then works. */
class Flaky extends InstantMessaging {
  readonly #faults: Fault[]

  constructor(faults: Fault[]) {
    super()
    this.#faults = faults
  }

  override async send(topic: string, value: string): Promise<void> {
    const fault = this.#faults.shift()
    if (fault) throw fault
    await super.send(topic, value)
  }
}

function sender(
  messaging: InstantMessaging,
  { log = aLog(), signal = new AbortController().signal }: { readonly log?: Log; readonly signal?: AbortSignal } = {},
) {
  const instance = {
    instance: 0,
    userMemory: '1 B',
    instanceType: 'invoker',
    tags: [],
    dedicatedNamespaces: [],
  } as const
  return new AckSender({ messaging, instance, topicPrefix: 'pre', log, meter: new FakeMeter(), signal })
}

const sentTo = (messaging: InstantMessaging) =>
  (messaging.topics.get('precompleted7') ?? []).map((text) => JSON.parse(text))

describe('AckSender', () => {
  it('sends each kind to the topic of the controller', async () => {
    const messaging = new InstantMessaging()
    for (const kind of ['result', 'combined', 'completion'] as const) await sender(messaging).send({ ...ack, kind })
    const kinds = sentTo(messaging).map((sent) =>
      ['response', 'instance'].filter((key) => Object.hasOwn(sent, key)).join('+'),
    )
    expect(kinds).to.deep.equal(['response', 'response+instance', 'instance'])
  })

  it('shrinks what is too large, and sends it', async () => {
    const messaging = new Flaky([new Fault('MESSAGE_TOO_LARGE', 'it is')])
    await sender(messaging).send({ ...ack, kind: 'combined' })
    expect(sentTo(messaging)).to.have.nested.property('[0].response', activationId)
  })

  it('tries again while the broker is away', async () => {
    const messaging = new Flaky([
      new Fault('MESSAGING_UNAVAILABLE', 'gone'),
      new Fault('MESSAGING_UNAVAILABLE', 'gone'),
    ])
    await sender(messaging).send({ ...ack, kind: 'completion' })
    expect(sentTo(messaging).length).to.equal(1)
  })

  for (const fault of [new Fault('MESSAGING_REFUSED', 'no topic'), new Fault('MESSAGE_TOO_LARGE', 'even so')]) {
    it(`gives up for ${fault.code}, where trying again is of no use, and says so`, async () => {
      const log = aLog()
      const shrunk = { transid: parts.transid, activationId }
      await sender(new Flaky([fault]), { log }).send({ ...ack, parts: shrunk, kind: 'completion' })
      expect(log.lines.map(({ event, fields }) => [event, fields.topic, fields.error])).to.deep.equal([
        ['ack cannot be sent', 'precompleted7', fault],
      ])
    })
  }

  it('ends its patience with the signal', async () => {
    const messaging = new Flaky(Array.from({ length: 99 }, () => new Fault('MESSAGING_UNAVAILABLE', 'gone')))
    const failure = await sender(messaging, { signal: AbortSignal.timeout(20) })
      .send({ ...ack, kind: 'completion' })
      .catch((error: Error) => error)
    expect(failure).to.be.an('error')
  })
})
