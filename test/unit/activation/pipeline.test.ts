import { expect } from 'chai'
import { activationId, newActivationId } from '../../../invoker/domain/ids.ts'
import type { JsonObject } from '../../../invoker/domain/json.ts'
import { newTransactionId } from '../../../invoker/domain/transid.ts'
import { Fault } from '../../../invoker/faults/fault.ts'
import { aMessage } from '../../support/a-message.ts'
import { settled } from '../../support/a-pool.ts'
import { anAction } from '../../support/an-action.ts'
import { anInvoker, type InvokerParts } from '../../support/an-invoker.ts'
import { answers, type Behaviour, line } from '../../support/fake-containers.ts'
import { InstantMessaging } from '../../support/instant-messaging.ts'

import { kindOf, noLogs, ran } from '../../support/ran.ts'

describe('an activation', () => {
  describe('that may not run', () => {
    const rows: readonly [string, InvokerParts, string, 1 | 3][] = [
      [
        'its action is gone',
        { actions: { fetch: async () => undefined } },
        'Action could not be found or may have been deleted.',
        1,
      ],
      [
        'its document is no action',
        { actions: { fetch: () => Promise.reject(new Fault('DOCUMENT_UNREADABLE', 'x')) } },
        'Action version is not compatible and cannot be invoked.',
        3,
      ],
      [
        'the store is away',
        { actions: { fetch: () => Promise.reject(new Fault('STORE_UNAVAILABLE', 'x')) } },
        'Action could not be fetched.',
        3,
      ],
      [
        'its limits are too high',
        { actions: { fetch: async () => anAction({ limits: { memory: 1_024 } }) } },
        'memory size 1024 MB exceeds allowed threshold of 512 MB',
        1,
      ],
    ]
    for (const [why, parts, error, statusCode] of rows) {
      it(`since ${why}: one Combined ack, and a record`, async () => {
        const { kinds, responses, acks } = await ran({ parts })
        expect(kinds).to.deep.equal(['combined'])
        expect(responses).to.deep.equal([{ statusCode, result: { error } }])
        expect(acks()[0]).to.include({ isSystemError: statusCode === 3 })
      })
    }

    it('is known to the journal, so that it is not acked again when its message comes again', async () => {
      const message = aMessage()
      const { journal } = await ran({ actions: [], messages: [message] })
      expect(journal.stepsOf(message.activationId)).to.deep.equal(['started', 'finished', 'done'])
      const { kinds, records } = await ran({ messages: [message], parts: { notes: journal.restarted() } })
      expect([kinds, records]).to.deep.equal([[], []])
    })

    it('shrinks the ack of a non-blocking call', async () => {
      const { kinds } = await ran({ actions: [], messages: [aMessage({ blocking: false })] })
      expect(kinds).to.deep.equal(['combined shrunk'])
    })

    it('since its namespace is blacklisted: a shrunk ack, no record, no container', async () => {
      const { kinds, records, containers } = await ran({ parts: { blacklist: { has: (name) => name === 'guest' } } })
      expect(kinds).to.deep.equal(['combined shrunk'])
      expect([records, containers.made]).to.deep.equal([[], []])
    })

    it('since a parameter cannot be unlocked: a whisk error, and no user code runs', async () => {
      const unlock = () => {
        throw new Fault('PARAMETER_LOCKED', 'there is no key')
      }
      const message = aMessage({ content: { a: 'x' }, lockedArgs: { a: 'aes-128' } })
      const { kinds, responses, containers } = await ran({ messages: [message], parts: { unlock } })
      expect(kinds).to.deep.equal(['combined'])
      expect(responses).to.have.nested.property('[0].statusCode', 3)
      expect(containers.made).to.deep.equal([])
    })
  })

  describe('that gets no container', () => {
    const rows: readonly [Fault, string, 2 | 3][] = [
      [new Fault('CONTAINER_CREATE', 'no runc'), 'Failed to provision resources to run the action.', 3],
      [new Fault('IMAGE_MISSING', '"me/mine" is an image'), 'Cannot use the container image: "me/mine" is an image', 2],
      [new Fault('KIND_UNAVAILABLE', '"x:1" is not here'), 'Cannot run the kind: "x:1" is not here', 2],
    ]
    for (const [fault, error, statusCode] of rows) {
      it(`for ${fault.code}: one Combined ack with status ${statusCode}, no time, no initTime`, async () => {
        const { kinds, records } = await ran({ behaviour: { create: () => Promise.reject(fault) } })
        expect(kinds).to.deep.equal(['combined'])
        expect(records[0]).to.deep.include({ duration: 0, response: { statusCode, result: { error } } })
        const keys = records[0]?.annotations.map(({ key }) => key)
        expect(keys).to.have.members(['path', 'kind', 'limits', 'timeout', 'waitTime'])
      })
    }

    it('since another one did not initialise it: the same response', async () => {
      const shared = anAction({ limits: { concurrency: 3, logs: 0 } })
      const invoker = anInvoker([shared])
      invoker.containers.behaviour.init = () => answers({ error: 'no code' }, 502)
      await invoker.core.start()
      const [first, second, third] = [aMessage(), aMessage(), aMessage({ blocking: false })]
      await invoker.send(first, second, third)
      expect(invoker.acks().map(kindOf)).to.have.members(['combined', 'combined', 'completion'])
      expect(invoker.records.map(({ response }) => response.result)).to.deep.equal(Array(3).fill({ error: 'no code' }))
      expect(invoker.containers.made.length).to.equal(1)
      await invoker.core.stop(AbortSignal.timeout(1_000))
    })
  })

  describe('its acks', () => {
    it('are a Result and a Completion for a blocking call with logs', async () => {
      expect((await ran({ actions: [anAction()] })).kinds).to.deep.equal(['result', 'completion'])
    })

    it('are one Combined for a blocking call without logs', async () => {
      expect((await ran()).kinds).to.deep.equal(['combined'])
    })

    it('are one Completion for a non-blocking call', async () => {
      const messages = [aMessage({ blocking: false })]
      expect((await ran({ messages })).kinds).to.deep.equal(['completion'])
      expect((await ran({ messages, actions: [anAction()] })).kinds).to.deep.equal(['completion'])
    })

    it('are not split when logs go elsewhere, and none are read', async () => {
      let reads = 0
      const logs = () => {
        reads += 1
        return { lines: [], end: 'sentinels' } as const
      }
      const parts = { settings: { areLogsOutOfBand: true } }
      expect((await ran({ actions: [anAction()], parts, behaviour: { logs } })).kinds).to.deep.equal(['combined'])
      expect(reads).to.equal(0)
    })

    it('carry no logs, the record does', async () => {
      const behaviour: Partial<Behaviour> = { logs: () => ({ lines: [line('hi')], end: 'sentinels' }) }
      const { acks, records } = await ran({ actions: [anAction()], behaviour })
      expect(acks()[0]).to.have.nested.property('response.logs').that.deep.equals([])
      expect(records[0]?.logs.length).to.equal(1)
    })

    it('come in order even when the Result must be sent again, shrunk', async () => {
      class Small extends InstantMessaging {
        override async send(topic: string, value: string): Promise<void> {
          if (value.length > 3_000 && topic === 'completed0') throw new Fault('MESSAGE_TOO_LARGE', 'it is')
          const isResult = value.includes('"response"')
          for (let turn = 0; isResult && turn < 20; turn += 1) await settled()
          await super.send(topic, value)
        }
      }
      const message = aMessage({ content: { text: 'x'.repeat(3_000) } })
      const { kinds, records } = await ran({
        actions: [anAction()],
        messages: [message],
        parts: { topics: new Small() },
      })
      expect(kinds).to.deep.equal(['result shrunk', 'completion'])
      expect(records[0]?.response.result).to.deep.equal({ text: 'x'.repeat(3_000) })
    })

    it('are over when the broker refuses them for good: the record is stored, and nothing is owed', async () => {
      class Closed extends InstantMessaging {
        override async send(topic: string, value: string): Promise<void> {
          if (topic === 'completed0') throw new Fault('MESSAGING_REFUSED', 'no such topic')
          await super.send(topic, value)
        }
      }
      const { records, journal } = await ran({ actions: [anAction()], parts: { topics: new Closed() } })
      expect(records.length).to.equal(1)
      expect(journal.restarted().pending().size).to.equal(0)
    })

    it('echo the transaction id and go to the controller that asked', async () => {
      const transid = newTransactionId('sid_invokerHealth', 1_795_317_638_180)
      const messages = [aMessage({ transid, rootControllerIndex: { asString: 'c-7' }, blocking: false })]
      const { messaging } = await ran({ messages })
      const [ack] = (messaging.topics.get('completedc-7') ?? []).map((text) => JSON.parse(text) as JsonObject)
      expect(ack).to.deep.include({ transid: ['sid_invokerHealth', 1_795_317_638_180], isSystemError: false })
    })
  })

  it('is acked when the journal cannot be written', async () => {
    const { core, journal, send, acks, log } = anInvoker([noLogs])
    journal.isFull = true
    await core.start()
    await send(aMessage())
    expect(acks().map(kindOf)).to.deep.equal(['combined'])
    expect(log.lines.map(({ event }) => event)).to.include('journal cannot be written')
    await core.stop(AbortSignal.timeout(1_000))
  })

  it('runs once when its message comes again', async () => {
    const message = aMessage()
    const { kinds, containers } = await ran({ messages: [message, message] })
    expect(kinds).to.deep.equal(['combined'])
    expect(containers.made[0]?.requests.length).to.equal(2)
  })

  it('is told of as a user event, where that is wanted', async () => {
    const parts = { settings: { hasUserEvents: true, userEventsTopicPrefix: 'u' } }
    const { messaging } = await ran({ parts })
    const [event] = (messaging.topics.get('uevents') ?? []).map((text) => JSON.parse(text) as JsonObject)
    expect(event).to.deep.include({ source: 'invoker0', eventType: 'Activation', namespace: 'guest' })
    expect((await ran()).messaging.topics.has('events')).to.equal(false)
  })
})

describe('a message that cannot be read', () => {
  it('is logged with its place, counted, and acked where its id can be read; the next one runs', async () => {
    const { core, messaging, send, acks, log, meter } = anInvoker([noLogs])
    await core.start()
    const id = newActivationId()
    await messaging.send('invoker0', 'rubbish')
    await messaging.send('invoker0', JSON.stringify({ activationId: id, rootControllerIndex: { asString: '0' } }))
    await send(aMessage())
    const errors = log.lines.filter(({ event }) => event === 'message cannot be read')
    expect(errors.map(({ fields }) => [fields.topic, fields.partition, fields.offset])).to.deep.equal([
      ['invoker0', 0, '0'],
      ['invoker0', 0, '1'],
    ])
    expect(meter.counts.get('counter_invoker_unreadableMessage_counter_total{topic=invoker0}')).to.equal(2)
    expect(acks().map(kindOf)).to.deep.equal(['combined shrunk', 'combined'])
    expect(acks()[0]?.response).to.equal(activationId(id))
    await core.stop(AbortSignal.timeout(1_000))
  })
})
