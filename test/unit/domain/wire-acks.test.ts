import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { activationId } from '../../../invoker/domain/ids.ts'
import type { JsonObject } from '../../../invoker/domain/json.ts'
import { readTransactionId } from '../../../invoker/domain/transid.ts'
import { AckWriter, readAck } from '../../../invoker/domain/wire-acks.ts'

function recorded(name: string): JsonObject {
  const url = new URL(`../../support/recorded/kafka/${name}`, import.meta.url)
  return JSON.parse(readFileSync(url, 'utf8')) as JsonObject
}

const instance = {
  instance: 0,
  userMemory: '1073741824 B',
  instanceType: 'invoker',
  tags: [],
  dedicatedNamespaces: [],
  uniqueName: 'real0',
}
const writer = new AckWriter(instance)
const result = recorded('completed0.result.json')
const completion = recorded('completed0.completion.json')
const record = result.response as JsonObject
const parts = {
  transid: readTransactionId(result.transid, 0),
  activationId: activationId(String(record.activationId)),
  recordJson: JSON.stringify(record),
}
const shrunk = { transid: parts.transid, activationId: parts.activationId }

describe('AckWriter', () => {
  it('writes the Result that the real invoker sent', () => {
    expect(JSON.parse(writer.result(parts))).to.deep.equal(result)
  })

  it('writes the Completion that the real invoker sent', () => {
    const transid = readTransactionId(completion.transid, 0)
    const id = activationId(String(completion.activationId))
    expect(JSON.parse(writer.completion({ transid, activationId: id }, false))).to.deep.equal(completion)
  })

  it('writes a Combined ack with the members of both', () => {
    expect(JSON.parse(writer.combined(parts, true))).to.deep.equal({ ...result, isSystemError: true, instance })
  })

  it('shrinks a response to the id', () => {
    expect(JSON.parse(writer.combined(shrunk, false))).to.include({ response: parts.activationId })
    expect(JSON.parse(writer.result(shrunk))).to.include({ response: parts.activationId })
  })

  it('echoes the transaction id value by value, parents and flags included', () => {
    const wire = ['id', 1_767_225_600_123, true, ['parent', 5]]
    const ack = writer.result({ ...shrunk, transid: readTransactionId(wire, 0) })
    expect(JSON.parse(ack).transid).to.deep.equal(wire)
  })
})

describe('readAck()', () => {
  const read = (text: string) => readAck(Buffer.from(text))

  it('reads a Result and its record', () => {
    expect(read(writer.result(parts))).to.deep.equal({ activationId: parts.activationId, isFreeing: false, record })
  })

  it('reads a shrunk Result', () => {
    expect(read(writer.result(shrunk))).to.deep.equal({ activationId: parts.activationId, isFreeing: false })
  })

  it('reads a Completion', () => {
    expect(read(writer.completion(shrunk, false))).to.deep.equal({ activationId: parts.activationId, isFreeing: true })
  })

  it('reads a Combined ack, whole and shrunk', () => {
    expect(read(writer.combined(parts, false)))
      .to.include({ isFreeing: true })
      .and.have.property('record')
    expect(read(writer.combined(shrunk, false))).to.deep.equal({ activationId: parts.activationId, isFreeing: true })
  })

  for (const text of ['', '[]', '{}', '{"response":5}', '{"instance":{},"activationId":5}']) {
    it(`takes ${JSON.stringify(text)} for no ack`, () => expect(read(text)).to.equal(undefined))
  }
})
