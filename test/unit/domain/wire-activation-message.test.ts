import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Json, JsonObject } from '../../../invoker/domain/json.ts'
import { readActivationMessage } from '../../../invoker/domain/wire-activation-message.ts'
import { aMessage, onTheWire } from '../../support/a-message.ts'

const folder = new URL('../../support/recorded/kafka/', import.meta.url)
const nowMs = 1_767_225_600_999
const wire = JSON.parse(onTheWire(aMessage())) as JsonObject

function read(json: Json | string) {
  return readActivationMessage(Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)), nowMs)
}

function message(json: Json) {
  const found = read(json)
  if (!found.ok) throw found.error
  return found.message
}

function recorded(name: string) {
  return message(JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Json)
}

/** The same value with the members of every object in the reverse order. */
function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  )
}

describe('readActivationMessage()', () => {
  for (const name of readdirSync(folder).filter((file) => file.startsWith('invoker0.'))) {
    it(`reads the recorded ${name}, in any order of its keys`, () => {
      const json = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Json
      const found = message(json)
      expect(found.activationId).to.match(/^[0-9a-f]{32}$/)
      expect(message(reversed(json))).to.deep.equal(found)
    })
  }

  it('reads the health test: no revision, no content, no rights', () => {
    const found = recorded('invoker0.health-test.json')
    expect(found).to.include({ revision: undefined, content: undefined, blocking: false })
    expect(found.user.rights).to.deep.equal([])
    expect(found.transid).to.deep.include({ id: 'sid_invokerHealth', startMs: 1_795_317_638_180 })
  })

  it('keeps the transaction id of a sequence step as it came, with its parent', () => {
    const found = recorded('invoker0.sequence-step.json')
    expect(found.transid.wire).to.have.nested.property('[2][0]', '3wA0qQ9LVvAFKMEkSzKJgStWMWyaVeEX')
    expect(found.cause).to.equal('befa34933a3b4c97ba34933a3bac9754')
  })

  it('takes an unknown transaction id for one that starts now', () => {
    expect(message({ ...wire, transid: [7] }).transid).to.deep.include({ id: 'sid_unknown', startMs: nowMs, wire: [7] })
  })

  const accepted: readonly [string, JsonObject, (found: ReturnType<typeof message>) => void][] = [
    [
      'a null where a value is optional',
      { content: null, cause: null, traceContext: null },
      (found) => {
        expect(found.content).to.equal(undefined)
        expect(found).not.to.have.any.keys('cause', 'traceContext')
      },
    ],
    ['an empty revision as none', { revision: '' }, ({ revision }) => expect(revision).to.equal(undefined)],
    ['members that nobody knows', { later: { a: 1 } }, (found) => expect(found).not.to.have.property('later')],
    ['an array as content', { content: [1, 2] }, ({ content }) => expect(content).to.deep.equal([1, 2])],
    [
      'a name in the short form',
      { action: 'guest/utils/echo' },
      ({ action }) => {
        expect(action).to.deep.equal({ path: 'guest/utils', name: 'echo' })
      },
    ],
    [
      'a controller without a type',
      { rootControllerIndex: { asString: 'c.1_a-b' } },
      ({ rootControllerIndex }) => {
        expect(rootControllerIndex).to.deep.equal({ asString: 'c.1_a-b' })
      },
    ],
    [
      'tracing headers',
      { traceContext: { 'x-b3-traceid': '80f1' } },
      ({ traceContext }) => {
        expect(traceContext).to.deep.equal({ 'x-b3-traceid': '80f1' })
      },
    ],
  ]
  for (const [what, change, check] of accepted) {
    it(`accepts ${what}`, () => check(message({ ...wire, ...change })))
  }

  const user = wire.user as JsonObject
  const wrong: readonly [string, JsonObject][] = [
    ['transid', { transid: 'x' }],
    ['action', { action: 'echo' }],
    ['action', { action: 7 }],
    ['action.path', { action: { name: 'echo' } }],
    ['action.name', { action: { path: 'guest', name: null } }],
    ['action.version', { action: { path: 'guest', name: 'echo', version: 1 } }],
    ['user', { user: null }],
    ['user.subject', { user: { ...user, subject: 1 } }],
    ['user.namespace', { user: { ...user, namespace: 'guest' } }],
    ['user.namespace.uuid', { user: { ...user, namespace: { name: 'guest' } } }],
    ['user.authkey.api_key', { user: { ...user, authkey: { api_key: 1 } } }],
    ['user.rights', { user: { ...user, rights: ['FLY'] } }],
    ['user.limits', { user: { ...user, limits: null } }],
    ['user.limits.maxActionMemory', { user: { ...user, limits: { maxActionMemory: '1' } } }],
    ['user.limits.maxPayloadSize', { user: { ...user, limits: { maxPayloadSize: '1 parsec' } } }],
    ['user.limits.allowedKinds', { user: { ...user, limits: { allowedKinds: 'nodejs' } } }],
    ['activationId', { activationId: 'ABC' }],
    ['rootControllerIndex', { rootControllerIndex: '0' }],
    ['rootControllerIndex.asString', { rootControllerIndex: { asString: 'a/b' } }],
    ['blocking', { blocking: 'true' }],
    ['content', { content: 'text' }],
    ['initArgs', { initArgs: [1] }],
    ['lockedArgs', { lockedArgs: ['a'] }],
    ['lockedArgs.a', { lockedArgs: { a: 1 } }],
    ['cause', { cause: 'x' }],
    ['traceContext.a', { traceContext: { a: 1 } }],
  ]
  for (const [field, change] of wrong) {
    it(`names the field "${field}" when it is ${JSON.stringify(Object.values(change)[0]).slice(0, 40)}`, () => {
      const found = read({ ...wire, ...change })
      expect(found.ok ? 'read' : found.error.message).to.include(`"${field}"`)
    })
  }

  for (const key of [
    'transid',
    'action',
    'revision',
    'user',
    'activationId',
    'rootControllerIndex',
    'blocking',
    'initArgs',
    'lockedArgs',
  ]) {
    it(`refuses a message without "${key}"`, () => {
      const { [key]: _gone, ...rest } = wire
      expect(read(rest).ok).to.equal(false)
    })
  }

  it('says whom to ack when the id and the controller can be read', () => {
    const found = read({ ...wire, user: null })
    expect(found).to.have.nested.property('answerable.activationId', wire.activationId)
    expect(found).to.have.nested.property('answerable.controller', '0')
  })

  for (const text of ['', 'no JSON', '[]', 'null', '{"activationId":"x"}', `${'['.repeat(200_000)}`]) {
    it(`has nobody to ack for ${JSON.stringify(text.slice(0, 30))}`, () => {
      expect(read(text)).to.include({ ok: false }).and.not.to.have.property('answerable')
    })
  }

  it('refuses what nests deeper than OpenWhisk reads, and still says whom to ack', () => {
    const deep = `${'{"a":'.repeat(1_100)}1${'}'.repeat(1_100)}`
    const found = read(JSON.stringify({ ...wire, content: 'HERE' }).replace('"HERE"', deep))
    expect(found.ok ? 'read' : found.error.message).to.include('deeper than 1000')
    expect(found).to.have.property('answerable')
  })

  it('keeps a member that is called __proto__ as a member', () => {
    const text = JSON.stringify({ ...wire, content: 'HERE' }).replace('"HERE"', '{"__proto__":{"admin":true}}')
    const found = read(text)
    expect(found.ok && found.message.content).to.have.ownProperty('__proto__')
    expect({}).not.to.have.property('admin')
  })
})
