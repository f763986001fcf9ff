import { expect } from 'chai'
import { activationMessage, checkFinalParameters, encodeMessage } from '../../../deploy/standalone/invocation.ts'
import type { Identity } from '../../../invoker/domain/identity.ts'
import type { JsonObject } from '../../../invoker/domain/json.ts'
import { newTransactionId } from '../../../invoker/domain/transid.ts'
import { readActivationMessage } from '../../../invoker/domain/wire-activation-message.ts'
import type { StoredAction } from '../../../invoker/store/action-document.ts'
import { anAction } from '../../support/an-action.ts'

const user: Identity = {
  subject: 'guest',
  namespace: { name: 'guest', uuid: 'u' },
  authkey: { api_key: 'u:k' },
  rights: ['READ'],
  limits: { storeActivations: false },
}

function stored(changes: Partial<StoredAction>): StoredAction {
  const { revision, ...action } = anAction()
  return { ...action, _id: 'guest/hello', _rev: revision, ...changes }
}

function messageFor(action: StoredAction, payload: JsonObject | undefined): ReturnType<typeof activationMessage> {
  const transid = newTransactionId('t', 5)
  return activationMessage({ action, user, transid, payload, blocking: true, controllerId: 'c' })
}

describe('activationMessage()', () => {
  const parameters = [
    { key: 'a', value: 1 },
    { key: 'declared', value: null },
    { key: 'ENV', value: 'x', init: true },
    { key: 'secret', value: 'AAAA', encryption: 'aes-128' },
    { key: 'other', value: 'BBBB', encryption: 'aes-128' },
  ]

  it('lets the payload win over parameters, names those for the environment, and what is still locked', () => {
    const { content, initArgs, lockedArgs } = messageFor(stored({ parameters }), { a: 2, b: 3, other: 'open' })
    expect(content).to.deep.equal({ a: 2, b: 3, declared: null, ENV: 'x', secret: 'AAAA', other: 'open' })
    expect(initArgs).to.deep.equal(['ENV'])
    expect(lockedArgs).to.deep.equal({ secret: 'aes-128' })
  })

  it('is read by the invoker as it was meant', () => {
    const message = messageFor(stored({}), { a: 1 })
    const read = readActivationMessage(Buffer.from(encodeMessage(message)), 0)
    expect(read).to.deep.equal({ ok: true, message })
  })

  it('keeps parameters with odd names', () => {
    const { content } = messageFor(stored({ parameters: [{ key: '__proto__', value: 1 }] }), { a: 1 })
    expect(Object.keys(content ?? {})).to.deep.equal(['__proto__', 'a'])
  })
})

describe('checkFinalParameters()', () => {
  const parameters = [
    { key: 'a', value: 1 },
    { key: 'declared', value: null },
  ]
  const final = stored({ parameters, annotations: [{ key: 'final', value: true }] })

  it('refuses what a final action defines', () => {
    expect(() => checkFinalParameters(final, { a: 2 })).to.throw('Request defines parameters that are not allowed')
  })

  it('takes new and merely declared parameters, and everything where the action is not final', () => {
    checkFinalParameters(final, { b: 1, declared: 1 })
    checkFinalParameters(final, undefined)
    checkFinalParameters(stored({ parameters, annotations: [{ key: 'final', value: 0 }] }), { a: 2 })
  })
})
