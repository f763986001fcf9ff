import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { initRequest, runRequest } from '../../../invoker/activation/requests.ts'
import type { ExecutableAction } from '../../../invoker/domain/action.ts'
import { activationId } from '../../../invoker/domain/ids.ts'
import type { Json, JsonObject } from '../../../invoker/domain/json.ts'
import { newTransactionId } from '../../../invoker/domain/transid.ts'
import { aMessage } from '../../support/a-message.ts'
import { anAction } from '../../support/an-action.ts'

interface Recorded {
  readonly url: string
  readonly body: JsonObject
}

const recorded = readFileSync(new URL('../../support/recorded/action-http.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((text) => JSON.parse(text) as Recorded)

const textOf = (value: Json | undefined): string => String(value)

/** The message and action that a recorded request could have come from. */
function facts(
  body: JsonObject,
  of: { readonly code?: Json; readonly key: Json | undefined; readonly env?: JsonObject },
) {
  const [, ...parts] = textOf(body.action_name).split('/')
  const name = parts.pop() ?? ''
  const path = parts.join('/')
  const version = textOf(body.action_version)
  const message = aMessage({
    activationId: activationId(textOf(body.activation_id)),
    transid: newTransactionId(textOf(body.transaction_id), 1),
    action: { path, name, version },
    user: {
      ...aMessage().user,
      namespace: { name: textOf(body.namespace), uuid: 'u' },
      authkey: of.key === undefined ? {} : { api_key: textOf(of.key) },
    },
  })
  const provided: Pick<ExecutableAction, 'annotations'> = {
    annotations: of.key === undefined ? [{ key: 'provide-api-key', value: false }] : [],
  }
  const action = anAction({
    namespace: path,
    name,
    version,
    ...provided,
    exec: { kind: 'nodejs:20', binary: false, ...(of.code !== undefined && { code: textOf(of.code) }) },
  })
  const value = (body.value ?? {}) as JsonObject
  return { message, action, args: { env: (of.env ?? {}) as Record<string, string>, value } }
}

const timeoutMs = anAction().limits.timeout

describe('requests to a runtime', () => {
  for (const [index, { url, body }] of recorded.entries()) {
    it(`equal the recorded ${url}, number ${index + 1}`, () => {
      if (url === '/run') {
        const nowMs = Number(body.deadline) - timeoutMs
        expect(runRequest(facts(body, { key: body.api_key }), nowMs)).to.deep.equal(body)
        return
      }
      const value = body.value as JsonObject
      const env = value.env as JsonObject
      const asRun = {
        action_name: env.__OW_ACTION_NAME ?? null,
        action_version: env.__OW_ACTION_VERSION ?? null,
        activation_id: env.__OW_ACTIVATION_ID ?? null,
        transaction_id: env.__OW_TRANSACTION_ID ?? null,
        namespace: env.__OW_NAMESPACE ?? null,
      }
      const own = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('__OW_')))
      const nowMs = Number(env.__OW_DEADLINE) - timeoutMs
      const made = initRequest(
        facts(asRun, { key: env.__OW_API_KEY, env: own, ...(value.code !== undefined && { code: value.code }) }),
        nowMs,
      )
      expect(made).to.deep.equal(body)
    })
  }

  const key: readonly [string, Json | undefined, boolean][] = [
    ['absent', undefined, true],
    ['true', true, true],
    ['1', 1, true],
    ['an empty object', {}, true],
    ['false', false, false],
    ['0', 0, false],
    ['an empty text', '', false],
    ['null', null, false],
  ]
  for (const [what, value, has] of key) {
    it(`${has ? 'carry' : 'leave out'} the key where provide-api-key is ${what}`, () => {
      const annotations = value === undefined ? [] : [{ key: 'provide-api-key', value }]
      const all = { message: aMessage(), action: anAction({ annotations }), args: { env: {}, value: {} } }
      expect(Object.hasOwn(runRequest(all, 0), 'api_key')).to.equal(has)
      expect(JSON.stringify(initRequest(all, 0)).includes('__OW_API_KEY')).to.equal(has)
    })
  }

  it('let no init parameter hide what OpenWhisk says', () => {
    const args = { env: { __OW_NAMESPACE: 'mine', A: 'b' }, value: {} }
    const made = initRequest({ message: aMessage(), action: anAction(), args }, 0)
    expect(made).to.have.nested.property('value.env.__OW_NAMESPACE', 'guest')
    expect(made).to.have.nested.property('value.env.A', 'b')
  })

  it('let no key member hide what OpenWhisk says', () => {
    const { user } = aMessage()
    const message = aMessage({ user: { ...user, authkey: { namespace: 'mine', value: 'x' } } })
    const made = runRequest({ message, action: anAction({ annotations: [] }), args: { env: {}, value: { a: 1 } } }, 0)
    expect(made).to.deep.include({ namespace: 'guest', value: { a: 1 } })
  })
})
