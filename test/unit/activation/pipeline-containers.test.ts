import { expect } from 'chai'
import { Fault } from '../../../invoker/faults/fault.ts'
import { aMessage } from '../../support/a-message.ts'
import { anAction } from '../../support/an-action.ts'
import { answers, type Behaviour, line } from '../../support/fake-containers.ts'

import { ran } from '../../support/ran.ts'

describe('an activation and its container', () => {
  describe('what it did to its container', () => {
    const rows: readonly [string, Partial<Behaviour>, number][] = [
      ['success keeps it', {}, 1],
      ['an application error keeps it', { run: () => answers({ error: 'mine' }) }, 1],
      [
        'too long a result keeps it',
        { run: () => ({ kind: 'truncated', statusCode: 200, body: 'x', length: 9, maxBytes: 1, elapsedMs: 1 }) },
        1,
      ],
      ['a developer error destroys it', { run: () => answers('text') }, 0],
      ['a timeout destroys it', { run: () => ({ kind: 'timeout', elapsedMs: 60_000 }) }, 0],
      ['an exit destroys it', { run: () => ({ kind: 'no-response', elapsedMs: 1 }) }, 0],
      ['a failed /init destroys it', { init: () => answers({ error: 'x' }, 502) }, 0],
      ['truncated logs destroy it', { logs: () => ({ lines: [line('hi')], end: 'limit' }) }, 0],
      ['missing sentinels destroy it', { logs: () => ({ lines: [], end: 'idle' }) }, 0],
      ['logs that cannot be read destroy it', { logs: () => Promise.reject(new Error('no')) }, 0],
    ]
    for (const [what, behaviour, alive] of rows) {
      it(what, async () => expect((await ran({ actions: [anAction()], behaviour })).alive).to.equal(alive))
    }

    it('says that memory was exhausted when the kernel says so', async () => {
      const { responses } = await ran({
        behaviour: { run: () => ({ kind: 'no-response', elapsedMs: 1 }), isOutOfMemory: true },
      })
      expect(responses[0]?.result).to.deep.equal({ error: 'The action exhausted its memory and was aborted.' })
    })

    it('does not wait for sentinels after a developer error, nor for an image that prints none', async () => {
      const waits: boolean[] = []
      const logs: Behaviour['logs'] = (_container, { awaitSentinels }) => {
        waits.push(awaitSentinels)
        return { lines: [], end: awaitSentinels ? 'sentinels' : 'idle' }
      }
      await ran({ actions: [anAction()], behaviour: { logs, run: () => answers('text') } })
      const images = ['me/mine', 'openwhisk/listed']
      for (const image of images) {
        await ran({ actions: [anAction({ exec: { kind: 'blackbox', image, binary: false } })], behaviour: { logs } })
      }
      expect(waits).to.deep.equal([false, false, true])
    })
  })

  describe('in a container that is not fit', () => {
    it('runs elsewhere when /run is refused by a container that served before', async () => {
      let runs = 0
      const run: Behaviour['run'] = (_container, { value }) => {
        runs += 1
        return runs === 2 ? { kind: 'refused', elapsedMs: 0 } : answers(value)
      }
      const { responses, containers, journal } = await ran({ messages: [aMessage(), aMessage()], behaviour: { run } })
      expect(responses.map(({ statusCode }) => statusCode)).to.deep.equal([0, 0])
      expect(containers.made.length).to.equal(2)
      const started = journal.notes.filter(({ step }) => step.step === 'started')
      expect(started.length, 'started is noted once an activation').to.equal(2)
    })

    it('does not run for ever elsewhere', async () => {
      const { responses, containers } = await ran({ behaviour: { init: () => answers({}, 503) } })
      expect(containers.made.length).to.equal(3)
      expect(responses).to.have.nested.property('[0].statusCode', 2)
    })
  })

  describe('its record', () => {
    it('has the times and annotations of a cold and of a warm start', async () => {
      const behaviour: Partial<Behaviour> = { init: () => answers({}, 200, 40), run: () => answers({}, 200, 12) }
      const { records } = await ran({ messages: [aMessage(), aMessage()], behaviour })
      const [cold, warm] = records.map(({ duration, annotations }) => [
        duration,
        annotations.find(({ key }) => key === 'initTime')?.value,
      ])
      expect(cold).to.deep.equal([52, 40])
      expect(warm).to.deep.equal([12, undefined])
    })

    it('is not stored for a namespace that wants none, which is acked all the same', async () => {
      const { user } = aMessage()
      const messages = [aMessage({ user: { ...user, limits: { storeActivations: false } } })]
      const { kinds, records, taken } = await ran({ messages })
      expect([kinds, records]).to.deep.equal([['combined'], []])
      expect(taken.at(-1)).to.equal('done')
    })

    it('is owed while the store is away: acked, not done', async () => {
      const store = () => Promise.reject(new Fault('STORE_REFUSED', 'no'))
      const { kinds, taken } = await ran({ parts: { activations: { store } } })
      expect(kinds).to.deep.equal(['combined'])
      expect(taken).not.to.include('done')
    })
  })
})
