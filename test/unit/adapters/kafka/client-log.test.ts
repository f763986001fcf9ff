import { expect } from 'chai'
import type { LogEntry } from 'kafkajs'
import { clientLog } from '../../../../invoker/adapters/kafka/client-log.ts'
import { aLog } from '../../../support/a-log.ts'

function entry(message: string, { level = 1, ...fields }: { level?: number; error?: string } = {}): LogEntry {
  return { namespace: 'Connection', level, label: 'ERROR', log: { timestamp: '', message, ...fields } }
}

function levels(...entries: LogEntry[]): string[] {
  const log = aLog()
  const write = clientLog(log)
  for (const one of entries) write(one)
  return log.lines.map(({ level }) => level)
}

describe('clientLog()', () => {
  it('warns of a kind of error once, whatever the numbers in it', () => {
    const first = entry('Lock timeout after 300ms')
    expect(levels(first, entry('Lock timeout after 611ms'), entry('Invalid topic'))).to.deep.equal([
      'warn',
      'debug',
      'warn',
    ])
  })

  it('does not warn of what every start and every rebalance shows', () => {
    expect(
      levels(
        entry('Response GroupCoordinator(key: 10, version: 2)', { error: 'The group coordinator is not available' }),
        entry('Connection error: connect ECONNREFUSED 127.0.0.1:9092'),
        entry('The group is rebalancing, re-joining', { level: 2 }),
      ),
    ).to.deep.equal(['debug', 'debug', 'debug'])
  })

  it('does not warn of information', () => {
    expect(levels(entry('Consumer has joined the group', { level: 4 }))).to.deep.equal(['debug'])
  })

  it('gives the facts without the client its own time and stack', () => {
    const log = aLog()
    clientLog(log)({
      ...entry('Connection error: refused'),
      log: { timestamp: 'x', message: 'm', stack: 's', broker: 'a:1' },
    })
    expect(log.lines[0]?.fields).to.deep.equal({ broker: 'a:1', namespace: 'Connection', client: 'm' })
  })
})
