import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { buildRecord, fallbackRecord } from '../../../invoker/activation/record.ts'
import type { KeyValue } from '../../../invoker/domain/action.ts'
import { activationId } from '../../../invoker/domain/ids.ts'
import type { JsonObject } from '../../../invoker/domain/json.ts'
import { newTransactionId } from '../../../invoker/domain/transid.ts'
import { aMessage } from '../../support/a-message.ts'
import { anAction } from '../../support/an-action.ts'

const facts = {
  message: aMessage({ transid: newTransactionId('t', 1_000) }),
  action: anAction(),
  response: { statusCode: 0, result: {} },
  timing: { start: 1_100, end: 1_150, begunMs: 1_090 },
  isTimeout: false,
} as const
const asObject = (annotations: readonly KeyValue[]) =>
  Object.fromEntries(annotations.map(({ key, value }) => [key, value]))

describe('buildRecord()', () => {
  it('builds the record that the real invoker acked', () => {
    const url = new URL('../../support/recorded/kafka/completed0.result.json', import.meta.url)
    const { response: real, transid } = JSON.parse(readFileSync(url, 'utf8')) as {
      readonly response: ReturnType<typeof buildRecord>
      readonly transid: [string, number]
    }
    const told = asObject(real.annotations) as { initTime: number; waitTime: number }
    const [id, startMs] = transid
    const made = buildRecord({
      message: aMessage({
        activationId: real.activationId,
        transid: newTransactionId(id, startMs),
        action: { path: 'guest', name: 'hello', version: real.version },
      }),
      action: anAction({ version: real.version }),
      response: real.response,
      timing: { start: real.start, end: real.end, initMs: told.initTime, begunMs: startMs + told.waitTime },
      isTimeout: false,
    })
    expect({ ...made, annotations: asObject(made.annotations) }).to.deep.equal({
      ...real,
      annotations: asObject(real.annotations),
    })
  })

  it('has no initTime when /init was not called', () => {
    expect(asObject(buildRecord(facts).annotations)).to.deep.equal({
      path: 'guest/hello',
      kind: 'nodejs:20',
      limits: { timeout: 60_000, memory: 256, logs: 10, concurrency: 1 },
      timeout: false,
      waitTime: 90,
    })
  })

  it('names cause, binding, and what is added to OpenWhisk', () => {
    const cause = activationId('f'.repeat(32))
    const message = aMessage({ cause, action: { path: 'guest/pkg', name: 'hello', binding: 'guest/bound' } })
    const record = buildRecord({ ...facts, message, more: [{ key: 'way', value: 'restored' }] })
    expect(record.cause).to.equal(cause)
    expect(asObject(record.annotations)).to.include({ causedBy: 'sequence', binding: 'guest/bound', way: 'restored' })
  })

  it('is stored under the invoking namespace, and names the action by its own', () => {
    const { user } = aMessage()
    const message = aMessage({ user: { ...user, namespace: { name: 'caller', uuid: 'u' } } })
    const record = buildRecord({ ...facts, message, action: anAction({ namespace: 'whisk.system/utils' }) })
    expect(record.namespace).to.equal('caller')
    expect(asObject(record.annotations).path).to.equal('whisk.system/utils/hello')
  })
})

describe('fallbackRecord()', () => {
  it('knows little: no time, kind unknown, version of the message or the first', () => {
    const response = { statusCode: 1, result: { error: 'x' } } as const
    const record = fallbackRecord(aMessage({ action: { path: 'guest', name: 'gone' } }), response, 7)
    expect(record).to.deep.include({ name: 'gone', version: '0.0.1', start: 7, end: 7, duration: 0, response })
    const annotations: JsonObject = asObject(record.annotations)
    expect(annotations).to.deep.equal({ path: 'guest/gone', kind: 'unknown' })
  })
})
