import { expect } from 'chai'
import { readBackAcks, topicsToRead } from '../../../invoker/activation/read-back.ts'
import { newActivationId } from '../../../invoker/domain/ids.ts'
import { newTransactionId } from '../../../invoker/domain/transid.ts'
import { AckWriter } from '../../../invoker/domain/wire-acks.ts'
import { InstantMessaging } from '../../support/instant-messaging.ts'

const entry = (ackTopic: string, ackOffset: string) => ({ activationId: newActivationId(), ackTopic, ackOffset })
const writer = new AckWriter({ instance: 0 })
const transid = newTransactionId()

describe('topicsToRead()', () => {
  it('finds the lowest offset of each topic, by number', () => {
    const entries = [entry('completed0', '9'), entry('completed0', '10'), entry('completed1', '90071992547409930')]
    expect([...topicsToRead(entries)]).to.deep.equal([
      ['completed0', '9'],
      ['completed1', '90071992547409930'],
    ])
  })
})

describe('readBackAcks()', () => {
  it('reads what was told since, and keeps records of pending activations only', async () => {
    const messaging = new InstantMessaging()
    const [early, mine, others] = [newActivationId(), newActivationId(), newActivationId()]
    const recordOf = (id: string) => JSON.stringify({ activationId: id, logs: [] })
    await messaging.send('completed0', writer.completion({ transid, activationId: early }, false))
    await messaging.send('completed0', writer.result({ transid, activationId: mine, recordJson: recordOf(mine) }))
    await messaging.send('completed0', 'no JSON')
    await messaging.send(
      'completed0',
      writer.combined({ transid, activationId: others, recordJson: recordOf(others) }, false),
    )
    await messaging.send('completed0', writer.completion({ transid, activationId: mine }, false))
    const pending = new Map([[mine, { activationId: mine, ackTopic: 'completed0', ackOffset: '1' }]])
    const found = await readBackAcks(messaging, pending)
    expect([...found]).to.deep.equal([
      [mine, { isFreeing: true, record: { activationId: mine, logs: [] } }],
      [others, { isFreeing: true }],
    ])
  })
})
