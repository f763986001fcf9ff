import { expect } from 'chai'
import { Controller } from '../../../deploy/standalone/controller.ts'
import type { WhiskActivation } from '../../../invoker/domain/activation.ts'
import type { ActivationMessage } from '../../../invoker/domain/activation-message.ts'
import { newActivationId } from '../../../invoker/domain/ids.ts'
import { newTransactionId } from '../../../invoker/domain/transid.ts'
import { Fault } from '../../../invoker/faults/fault.ts'
import { aLog } from '../../support/a-log.ts'
import { EchoInvoker } from '../../support/echo-invoker.ts'
import { eventually } from '../../support/eventually.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { InstantMessaging } from '../../support/instant-messaging.ts'

const wire = { controllerId: 'c', invokerTopic: 'invoker0' }

function aMessage(blocking: boolean): ActivationMessage {
  return {
    transid: newTransactionId(),
    action: { path: 'guest', name: 'hello', version: '0.0.1' },
    revision: '1-a',
    user: { subject: 'guest', namespace: { name: 'guest', uuid: 'u' }, authkey: {}, rights: [], limits: {} },
    activationId: newActivationId(),
    rootControllerIndex: { asString: 'c' },
    blocking,
    content: { a: 1 },
    initArgs: [],
    lockedArgs: {},
  }
}

describe('Controller', () => {
  let records: Map<string, WhiskActivation>
  let isStoreSlow = false
  let clock: FakeClock
  let log: ReturnType<typeof aLog>
  let messaging: InstantMessaging
  let echo: EchoInvoker
  let controller: Controller

  beforeEach(async () => {
    records = new Map()
    isStoreSlow = false
    clock = new FakeClock()
    log = aLog()
    messaging = new InstantMessaging()
    const store = async (record: WhiskActivation): Promise<void> => void records.set(record.activationId, record)
    const get = async (_namespace: string, id: string): Promise<WhiskActivation | undefined> =>
      isStoreSlow ? undefined : records.get(id)
    echo = new EchoInvoker({ messaging, activations: { store } })
    controller = new Controller({ messaging, activations: { get }, clock, log, ...wire })
    await controller.start()
    await echo.start(wire.invokerTopic)
  })

  afterEach(() => controller.stop(AbortSignal.timeout(1_000)))

  const invoke = (message: ActivationMessage, waitMs: number): Promise<WhiskActivation | undefined> =>
    controller.invoke(message, { waitMs, timeoutMs: 60_000 })

  it('gives a caller that waits the activation of its ack', async () => {
    expect((await invoke(aMessage(true), 60_000))?.response.result).to.deep.equal({ a: 1 })
    expect(controller.activeCount('u')).to.equal(0)
  })

  it('gives a caller that does not wait nothing, as soon as the message is sent', async () => {
    echo.behaviour = { isSilent: true }
    expect(await invoke(aMessage(false), 0)).to.equal(undefined)
    expect(controller.activeCount('u')).to.equal(1)
  })

  it('gives up waiting in time, and the activation goes on counting', async () => {
    echo.behaviour = { isSilent: true }
    const waiting = invoke(aMessage(true), 500)
    await eventually('the message to be sent', () => echo.received.length === 1)
    clock.pass(500)
    expect(await waiting).to.equal(undefined)
    expect(controller.activeCount('u')).to.equal(1)
  })

  it('counts an activation until its completion, which comes after its result', async () => {
    echo.behaviour = { isNeverCompleted: true }
    expect(await invoke(aMessage(true), 60_000)).to.not.equal(undefined)
    expect(controller.activeCount('u')).to.equal(1)
  })

  it('reads the record, without its logs, where the ack was shrunk', async () => {
    echo.behaviour = { isShrunk: true }
    const activation = await invoke(aMessage(true), 60_000)
    expect(activation?.response.result).to.deep.equal({ a: 1 })
    expect(activation?.logs).to.deep.equal([])
  })

  it('waits for a record that is stored later', async () => {
    echo.behaviour = { isShrunk: true }
    isStoreSlow = true
    const waiting = invoke(aMessage(true), 60_000)
    // One timer sweeps what is overdue, one ends the wait, one is the pause before the next look.
    await eventually('the first look to be in vain', () => clock.timers === 3)
    isStoreSlow = false
    clock.pass(100)
    expect(await waiting).to.have.property('name', 'hello')
  })

  it('does not count what could not be sent', async () => {
    messaging.send = () => Promise.reject(new Fault('MESSAGE_TOO_LARGE', 'of 2 MB'))
    const refused = await invoke(aMessage(true), 60_000).catch((error: unknown) => error)
    expect(refused).to.be.instanceOf(Fault)
    expect(controller.activeCount('u')).to.equal(0)
  })

  it('survives acks that are none, and acks for nobody', async () => {
    await messaging.send('completedc', 'nonsense')
    await messaging.send('completedc', `{"activationId":"${newActivationId()}","instance":{}}`)
    expect(log.lines.map(({ event }) => event)).to.deep.equal(['ack unreadable'])
    expect(await invoke(aMessage(true), 60_000)).to.not.equal(undefined)
  })

  it('lets callers go when it stops', async () => {
    echo.behaviour = { isSilent: true }
    const waiting = invoke(aMessage(true), 60_000)
    await eventually('the message to be sent', () => echo.received.length === 1)
    await controller.stop(AbortSignal.timeout(1_000))
    expect(await waiting).to.equal(undefined)
    expect(clock.timers).to.equal(0)
  })
})
