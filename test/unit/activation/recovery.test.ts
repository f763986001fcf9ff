import { expect } from 'chai'
import { buildRecord } from '../../../invoker/activation/record.ts'
import { type AckFound, type Owed, owedFor } from '../../../invoker/activation/recovery.ts'
import type { JsonObject } from '../../../invoker/domain/json.ts'
import type { JournalEntry } from '../../../invoker/ports/journal.ts'
import { aMessage } from '../../support/a-message.ts'
import { anAction } from '../../support/an-action.ts'

const record = buildRecord({
  message: aMessage(),
  action: anAction(),
  response: { statusCode: 0, result: {} },
  timing: { start: 0, end: 1, begunMs: 0 },
  isTimeout: false,
})
const started: JournalEntry = { activationId: record.activationId, ackTopic: 'completed0', ackOffset: '5' }
const finished: JournalEntry = { ...started, record: record as unknown as JsonObject }
const unstored: JournalEntry = { ...started, record: { ...(record as unknown as JsonObject), unstored: true } }
const result: AckFound = { isFreeing: false, record }
const shrunkResult: AckFound = { isFreeing: false }
const completion: AckFound = { isFreeing: true }
const whole: AckFound = { isFreeing: true, record }

const outcome = (ack: 'whole' | 'slot' | 'none', changes: object = {}): Owed => ({
  kind: 'outcome',
  record,
  isStored: true,
  ack,
  ...changes,
})

describe('owedFor()', () => {
  const rows: readonly [string, JournalEntry | undefined, AckFound | undefined, Owed][] = [
    ['not started, not acked: it runs', undefined, undefined, { kind: 'run' }],
    ['not started, its result was told: it runs', undefined, result, { kind: 'run' }],
    ['unknown, but acked: nothing', undefined, completion, { kind: 'nothing' }],
    ['started, not acked: it was interrupted', started, undefined, { kind: 'interrupted' }],
    ['started, its result was told: the slot and the record that was told', started, result, outcome('slot')],
    ['started, its result was told by id: the slot', started, shrunkResult, outcome('slot', { record: undefined })],
    ['started, its slot was freed: the record is lost', started, completion, outcome('none', { record: undefined })],
    ['started, acked as a whole: the record that was told', started, whole, outcome('none')],
    ['finished, not acked: ack and record', finished, undefined, outcome('whole')],
    ['finished, its result was told: slot and record', finished, result, outcome('slot')],
    ['finished, its slot was freed: the record', finished, completion, outcome('none')],
    ['finished, no record wanted: the ack', unstored, undefined, outcome('whole', { isStored: false })],
  ]
  for (const [what, entry, ack, wanted] of rows) {
    it(`knows what is owed: ${what}`, () => {
      expect(owedFor({ entry, ack, wasDone: false }, { rerunStarted: false })).to.deep.equal(wanted)
    })
  }

  it('owes nothing for what was done, whatever else is known', () => {
    for (const ack of [undefined, result, completion]) {
      expect(owedFor({ entry: undefined, ack, wasDone: true }, { rerunStarted: true })).to.deep.equal({
        kind: 'nothing',
      })
    }
  })

  it('runs what had started again where at least once is wanted, unless its result was told', () => {
    const again = { rerunStarted: true }
    expect(owedFor({ entry: started, ack: undefined, wasDone: false }, again)).to.deep.equal({ kind: 'run' })
    expect(owedFor({ entry: started, ack: result, wasDone: false }, again)).to.deep.equal(outcome('slot'))
    expect(owedFor({ entry: finished, ack: undefined, wasDone: false }, again)).to.deep.equal(outcome('whole'))
  })
})
