import { expect } from 'chai'
import { toFault, verdictOf } from '../../../../invoker/adapters/kafka/verdict.ts'
import { Fault } from '../../../../invoker/faults/fault.ts'

function wrapped(origin: object): Error {
  const cause = Object.assign(new Error('origin'), origin)
  return Object.assign(new Error('retries exceeded', { cause }), {
    name: 'KafkaJSNumberOfRetriesExceeded',
    retriable: false,
  })
}

describe('verdictOf()', () => {
  it('takes for an outage what kafkajs would try again, and lost connections', () => {
    expect(verdictOf(wrapped({ retriable: true }))).to.equal('outage')
    expect(verdictOf(wrapped({ name: 'KafkaJSConnectionClosedError', retriable: false }))).to.equal('outage')
    expect(verdictOf(Object.assign(new Error(), { name: 'KafkaJSRequestTimeoutError' }))).to.equal('outage')
  })

  it('knows a topic that is not there and a message that is too large', () => {
    expect(verdictOf(wrapped({ type: 'UNKNOWN_TOPIC_OR_PARTITION', retriable: true }))).to.equal('no-topic')
    expect(verdictOf(wrapped({ type: 'MESSAGE_TOO_LARGE' }))).to.equal('too-large')
  })

  it('takes everything else for a refusal', () => {
    expect(verdictOf(wrapped({ type: 'TOPIC_AUTHORIZATION_FAILED', retriable: false }))).to.equal('refused')
    expect(verdictOf(new TypeError('a mistake of ours'))).to.equal('refused')
    expect(verdictOf('text')).to.equal('refused')
  })
})

describe('toFault()', () => {
  it('names what was tried and why it failed', () => {
    const fault = toFault('send to "completed0"', wrapped({ retriable: true, message: 'connect ECONNREFUSED' }))
    expect(fault.code).to.equal('MESSAGING_UNAVAILABLE')
    expect(fault.message).to.equal('Cannot reach the message broker: send to "completed0": connect ECONNREFUSED')
  })

  it('leaves a fault as it is', () => {
    const fault = new Fault('MESSAGE_TOO_LARGE', 'x')
    expect(toFault('send', fault)).to.equal(fault)
  })
})
