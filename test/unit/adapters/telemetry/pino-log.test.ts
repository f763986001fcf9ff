import { expect } from 'chai'
import { pinoLog } from '../../../../invoker/adapters/telemetry/pino-log.ts'
import { Fault } from '../../../../invoker/faults/fault.ts'
import type { Log } from '../../../../invoker/ports/log.ts'

type Line = Readonly<Record<string, unknown>>

function written(level: 'debug' | 'info', use: (log: Log) => void): Line[] {
  const lines: Line[] = []
  use(
    pinoLog({ level, fields: { invoker: 'invoker0' }, destination: { write: (text) => lines.push(JSON.parse(text)) } }),
  )
  return lines
}

describe('pinoLog()', () => {
  it('writes a line of JSON with the event, its level, an ISO time and the fields', () => {
    const [line] = written('info', (log) => log.info('container started', { kind: 'python:3', tookMs: 12 }))
    expect(line).to.include({
      level: 'info',
      event: 'container started',
      invoker: 'invoker0',
      kind: 'python:3',
      tookMs: 12,
    })
    expect(new Date(String(line?.time)).toISOString()).to.equal(line?.time)
  })

  it('binds fields to a child and leaves the parent alone', () => {
    const lines = written('info', (log) => {
      log.child({ transid: 'abc' }).warn('retried')
      log.error('gave up')
    })
    expect(lines.map(({ level, transid }) => [level, transid])).to.deep.equal([
      ['warn', 'abc'],
      ['error', undefined],
    ])
  })

  it('leaves out what is below its level', () => {
    expect(written('info', (log) => log.debug('noise'))).to.deep.equal([])
    expect(written('debug', (log) => log.debug('noise'))).to.have.length(1)
  })

  it('masks secrets, also inside other fields', () => {
    const [line] = written('info', (log) =>
      log.info('connecting', { password: 'a', couch: { password: 'b' }, user: { identity: { authkey: 'c' } } }),
    )
    expect(line).to.deep.include({
      password: '(secret)',
      couch: { password: '(secret)' },
      user: { identity: { authkey: '(secret)' } },
    })
  })

  it('writes errors with their code and their causes', () => {
    const error = new Fault('STORE_UNAVAILABLE', 'no answer', { cause: new Error('ECONNREFUSED') })
    const [line] = written('info', (log) => log.error('store failed', { error }))
    expect(line?.error).to.include({ code: 'STORE_UNAVAILABLE', message: 'Cannot reach the document store: no answer' })
    expect(line).to.have.nested.property('error.cause.message', 'ECONNREFUSED')
  })
})
