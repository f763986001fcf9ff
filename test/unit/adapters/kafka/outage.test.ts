import { expect } from 'chai'
import { Outage } from '../../../../invoker/adapters/kafka/outage.ts'
import { aLog } from '../../../support/a-log.ts'

describe('Outage', () => {
  it('warns once a cause, and tells when it is over', () => {
    const log = aLog()
    const outage = new Outage(log)
    for (const cause of ['refused', 'refused', 'timeout', 'refused']) outage.failed('send', new Error(cause))
    outage.passed()
    outage.passed()
    outage.failed('send', new Error('refused'))
    expect(
      log.lines.filter(({ level }) => level !== 'debug').map(({ level, fields }) => [level, fields.cause]),
    ).to.deep.equal([
      ['warn', 'refused'],
      ['warn', 'timeout'],
      ['info', undefined],
      ['warn', 'refused'],
    ])
  })
})
