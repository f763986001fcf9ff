import { expect } from 'chai'
import { newAction, updatedAction } from '../../../deploy/standalone/action-document.ts'
import type { ActionPut } from '../../../deploy/standalone/action-put.ts'
import { anAction } from '../../support/an-action.ts'

const nothing: ActionPut = {
  exec: undefined,
  parameters: undefined,
  limits: undefined,
  version: undefined,
  publish: undefined,
  annotations: undefined,
  delAnnotations: [],
}
const exec = { exec: { kind: 'python:3.11', binary: false }, code: 'x' }
const standardLimits = { timeout: 60_000, memory: 256, logs: 10, concurrency: 1 }
const making = { namespace: 'guest', name: 'a', nowMs: 5, standardLimits, requireApiKeyAnnotation: true }

describe('newAction()', () => {
  it('withholds the API key unless asked, and always says what it runs', () => {
    const annotations = [
      { key: 'exec', value: 'mine' },
      { key: 'provide-api-key', value: true },
    ]
    expect(newAction({ ...nothing, exec }, making).annotations).to.have.deep.members([
      { key: 'provide-api-key', value: false },
      { key: 'exec', value: 'python:3.11' },
    ])
    expect(newAction({ ...nothing, exec, annotations }, making).annotations).to.have.deep.members([
      { key: 'provide-api-key', value: true },
      { key: 'exec', value: 'python:3.11' },
    ])
    expect(newAction({ ...nothing, exec }, { ...making, requireApiKeyAnnotation: false }).annotations).to.have.length(1)
  })

  it('fills limits up, and begins at 0.0.1', () => {
    const action = newAction({ ...nothing, exec, limits: { memory: 128 } }, making)
    expect(action).to.deep.include({ version: '0.0.1', limits: { ...standardLimits, memory: 128 }, updated: 5 })
  })

  it('needs something to run', () => {
    expect(() => newAction(nothing, making)).to.throw('exec undefined')
  })
})

describe('updatedAction()', () => {
  const { revision, ...action } = anAction({
    parameters: [{ key: 'p', value: 1 }],
    annotations: [
      { key: 'a', value: 1 },
      { key: 'b', value: 1 },
    ],
  })
  const stored = { ...action, _id: 'guest/hello', _rev: revision }

  it('keeps what the client leaves out, and raises the version', () => {
    const { version, updated, annotations, ...same } = updatedAction(nothing, stored, 7)
    expect({ version, updated }).to.deep.equal({ version: '0.0.2', updated: 7 })
    const { version: _v, updated: _u, annotations: _a, ...before } = stored
    expect(same).to.deep.equal(before)
    expect(annotations).to.have.length(3)
  })

  it('replaces parameters, merges annotations after removing some, and merges limits', () => {
    const put = {
      ...nothing,
      parameters: [],
      annotations: [{ key: 'a', value: 2 }],
      delAnnotations: ['b'],
      limits: { logs: 1 },
      version: '2.0.0',
    }
    const updated = updatedAction(put, stored, 7)
    expect(updated).to.deep.include({ parameters: [], version: '2.0.0', limits: { ...standardLimits, logs: 1 } })
    expect(updated.annotations).to.have.deep.members([
      { key: 'a', value: 2 },
      { key: 'exec', value: 'nodejs:20' },
    ])
  })
})
