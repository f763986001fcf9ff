import { expect } from 'chai'
import { type Step, steps } from '../../invoker/activation/steps.ts'
import { isFreeing } from '../support/acks.ts'
import { type Aftermath, crash, type Settled } from '../support/crash.ts'

/** What is true after a kill right behind a step. */
interface Expected {
  /** How often user code ran, the killed and the next invoker together. */
  readonly runs: number
  /** Status codes that the controller may be told: two where the kill races with the broker. */
  readonly statuses: readonly number[]
}

const notStarted: Expected = { runs: 1, statuses: [0] }
const cutBeforeCode: Expected = { runs: 0, statuses: [3] }
const outcomeKnown: Expected = { runs: 1, statuses: [0] }

const expectedAfter: Readonly<Record<Step, Expected>> = {
  received: notStarted,
  admitted: notStarted,
  leased: notStarted,
  started: cutBeforeCode,
  initialised: cutBeforeCode,
  // It ran, and nobody but the killed process knew how it ended.
  ran: { runs: 1, statuses: [3] },
  'result-sent': outcomeKnown,
  // The Result is on its way beside the collection of the logs.
  'logs-collected': { runs: 1, statuses: [0, 3] },
  finished: outcomeKnown,
  acked: outcomeKnown,
  stored: outcomeKnown,
  done: outcomeKnown,
}

/** What holds of every activation, wherever the invoker was killed: told once, and stored as it was told. */
function expectSettled({ acks, record, runs }: Settled, expected: Expected): void {
  expect(acks.filter(isFreeing).length, 'acks that free the slot').to.equal(1)
  const told = acks.filter(({ statusCode }) => statusCode !== undefined)
  expect(told.length, 'acks that carry the response').to.equal(1)
  expect(expected.statuses).to.include(told[0]?.statusCode)
  expect(runs, 'runs of user code').to.equal(expected.runs)
  expect(record).to.have.nested.property('response.statusCode', told[0]?.statusCode)
  expect(record).to.have.nested.property('response.result').that.deep.equals(told[0]?.result)
  expect(told[0]?.result).to.deep.equal(
    told[0]?.statusCode === 0 ? { greeting: 'hi Ada' } : { error: 'The invoker stopped while the action was running.' },
  )
  const freeing = acks.find(isFreeing)
  expect(freeing?.isSystemError).to.equal(told[0]?.statusCode === 3)
}

function expectTidy({ alive, takenLater }: Aftermath): void {
  expect(alive, 'processes of containers').to.deep.equal([])
  expect(takenLater, 'activations that come again').to.deep.equal([])
}

describe('An invoker killed in the middle of an activation', () => {
  for (const step of steps) {
    it(`right after "${step}" leaves what the next one settles: told once, stored, run at most once`, async () => {
      const aftermath = await crash({ step })
      for (const settled of aftermath.activations) expectSettled(settled, expectedAfter[step])
      expectTidy(aftermath)
    })
  }
})
