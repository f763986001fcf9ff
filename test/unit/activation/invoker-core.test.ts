import { expect } from 'chai'
import { aMessage } from '../../support/a-message.ts'
import { anAction } from '../../support/an-action.ts'
import { anInvoker } from '../../support/an-invoker.ts'
import { line } from '../../support/fake-containers.ts'

describe('InvokerCore', () => {
  it('runs a blocking activation from message to record', async () => {
    const { core, containers, send, acks, records, taken, journal } = anInvoker([anAction()])
    containers.behaviour.logs = () => ({ lines: [line('hello')], end: 'sentinels' })
    await core.start()
    const message = aMessage({ content: { name: 'Ada' } })
    await send(message)

    expect(containers.made[0]?.requests.map(({ path }) => path)).to.deep.equal(['/init', '/run'])
    const [result, completion] = acks()
    expect(result)
      .to.have.nested.property('response.response')
      .that.deep.equals({
        statusCode: 0,
        result: { name: 'Ada' },
        size: 14,
      })
    expect(result).not.to.have.property('instance')
    expect(completion).to.include({ activationId: message.activationId, isSystemError: false })
    expect(completion).not.to.have.property('response')
    expect(records.map(({ logs }) => logs)).to.deep.equal([['2026-01-01T00:00:00.123000000Z stdout: hello']])
    expect(taken.slice(0, 6).join(' ')).to.equal('received admitted leased started initialised ran')
    expect(taken.slice(6)).to.have.members(['result-sent', 'logs-collected', 'finished', 'acked', 'stored', 'done'])
    expect(journal.stepsOf(message.activationId)).to.deep.equal(['started', 'finished', 'done'])
    await core.stop(AbortSignal.timeout(1_000))
    expect(containers.alive).to.deep.equal([])
  })
})
