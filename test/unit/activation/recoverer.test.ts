import { expect } from 'chai'
import { type Step, steps } from '../../../invoker/activation/steps.ts'
import { Fault } from '../../../invoker/faults/fault.ts'
import { aMessage } from '../../support/a-message.ts'
import { anAction } from '../../support/an-action.ts'
import { anInvoker } from '../../support/an-invoker.ts'
import { eventually } from '../../support/eventually.ts'
import type { FakeJournal } from '../../support/fake-journal.ts'
import { InstantMessaging } from '../../support/instant-messaging.ts'

class Killed extends Error {}

/** Messaging that forgets the acks that a dead process sends. */
class Mortal extends InstantMessaging {
  isDead = false

  override async send(topic: string, value: string): Promise<void> {
    if (this.isDead) return new Promise(() => undefined)
    await super.send(topic, value)
  }
}

/** Runs one activation in a process that dies right after a step, then delivers its message to a new one. */
async function killedAfter(
  step: Step,
  options: { readonly rerunStarted?: boolean; readonly isStoreAway?: boolean } = {},
) {
  const action = anAction()
  const message = aMessage()
  const topics = new Mortal()
  const stored: string[] = []
  let isDead = false
  const { containers, core, journal, send } = anInvoker([action], {
    topics,
    activations: {
      store: async ({ activationId }) => {
        if (isDead) return new Promise(() => undefined)
        if (options.isStoreAway) throw new Fault('STORE_REFUSED', 'away')
        stored.push(activationId)
      },
    },
    onStep: (taken) => {
      if (taken !== step) return
      isDead = true
      topics.isDead = true
      journal.note = () => undefined
      throw new Killed()
    },
  })
  await core.start()
  send(message).catch(() => undefined)
  await eventually(`the step ${step}`, () => isDead)

  const acks = topics.topics.get('completed0') ?? []
  const after = new InstantMessaging()
  for (const ack of acks) await after.send('completed0', ack)
  const next = anInvoker([action], {
    topics: after,
    notes: (journal as FakeJournal).restarted(),
    settings: { rerunStarted: options.rerunStarted ?? false },
  })
  await next.core.start()
  await next.send(message)
  await next.core.stop(AbortSignal.timeout(1_000))
  const all = next.acks()
  return {
    frees: all.filter(({ instance }) => instance !== undefined).length,
    results: all.filter(({ response }) => response !== undefined).length,
    runs: [...containers.made, ...next.containers.made].flatMap(({ requests }) =>
      requests.filter(({ path }) => path === '/run'),
    ).length,
    records: new Set([...stored, ...next.records.map(({ activationId }) => activationId)]).size,
    last: next.records.at(-1),
    owed: next.journal.restarted().pending().size,
  }
}

describe('after a kill', () => {
  for (const step of steps) {
    it(`right after "${step}", the activation is acked once, runs at most once, and has its record`, async () => {
      const { frees, results, runs, records, owed } = await killedAfter(step)
      expect({ frees, results, records, owed }).to.deep.equal({ frees: 1, results: 1, records: 1, owed: 0 })
      expect(runs).to.be.at.most(1)
    })
  }

  for (const step of ['received', 'admitted', 'leased'] satisfies Step[]) {
    it(`right after "${step}", nothing had started: it runs`, async () => {
      expect(await killedAfter(step)).to.have.nested.property('last.response.statusCode', 0)
    })
  }

  for (const step of ['started', 'initialised', 'ran'] satisfies Step[]) {
    it(`right after "${step}", it is acked and recorded as interrupted`, async () => {
      const { last } = await killedAfter(step)
      expect(last?.response).to.deep.equal({
        statusCode: 3,
        result: { error: 'The invoker stopped while the action was running.' },
      })
    })
  }

  it('right after "started", it runs again where at least once is wanted', async () => {
    const { last, frees } = await killedAfter('started', { rerunStarted: true })
    expect([last?.response.statusCode, frees]).to.deep.equal([0, 1])
  })

  it('what the controller was told stands: the record is the one that the Result carried', async () => {
    const { last, results } = await killedAfter('result-sent')
    expect([last?.response, results]).to.deep.equal([{ statusCode: 0, result: { name: 'Ada' }, size: 14 }, 1])
  })

  it('stores a record that the store had not taken, though its message does not come again', async () => {
    const first = anInvoker([anAction()], {
      activations: { store: () => Promise.reject(new Fault('STORE_REFUSED', 'away')) },
    })
    await first.core.start()
    await first.send(aMessage())
    await first.core.stop(AbortSignal.timeout(1_000))
    const topics = new InstantMessaging()
    for (const ack of first.messaging.topics.get('completed0') ?? []) await topics.send('completed0', ack)
    const next = anInvoker([], { topics, notes: first.journal.restarted() })
    await next.core.start()
    expect(next.records.map(({ response }) => response.statusCode)).to.deep.equal([0])
    expect(next.journal.restarted().pending().size).to.equal(0)
    await next.core.stop(AbortSignal.timeout(1_000))
  })
})
