import { expect } from 'chai'
import type { Json, JsonObject } from '../../../invoker/domain/json.ts'
import { parseAuthKey } from '../../../invoker/store/subject-rules.ts'
import { HttpCaller } from '../../support/replay-call.ts'
import { type RestServer, startRestServer } from '../../support/rest-server.ts'
import { basicAuth, subjectKeys } from '../../support/subjects.ts'

/** What of an answer the tests look at. */
interface Answer {
  readonly status: number
  readonly body: Json
  readonly headers: Readonly<Record<string, unknown>>
}

const action = { exec: { kind: 'nodejs:20', code: 'function main(p) { return p }' } }

describe('the REST API', () => {
  let server: RestServer
  let caller: HttpCaller

  beforeEach(async () => {
    server = await startRestServer({
      throttles: { invocationsPerMinute: 1_000, concurrentInvocations: 2, firesPerMinute: 60, sequenceLength: 50 },
    })
    caller = new HttpCaller(server.url)
    await server.subjects.create({ subject: 'guest', auth: parseAuthKey(subjectKeys.guest) })
    await server.subjects.create({ subject: 'other', auth: parseAuthKey(subjectKeys.other) })
  })

  afterEach(async () => {
    caller.close()
    await server.stop()
  })

  async function call(line: string, body?: Json, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const [method = '', path = ''] = line.split(' ')
    const sent = await caller.call({
      method,
      path: path.startsWith('/') ? path : `/api/v1/namespaces/_/${path}`,
      headers: { authorization: basicAuth('guest'), 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = sent.body.toString()
    return { status: sent.status, headers: sent.headers, body: text === '' ? null : (JSON.parse(text) as Json) }
  }

  const error = ({ status, body }: Answer): string => `${status} ${(body as JsonObject).error}`

  it('makes, shows, changes and removes an action', async () => {
    expect((await call('PUT actions/a', { ...action, annotations: [{ key: 'x', value: 1 }] })).status).to.equal(200)
    expect(error(await call('PUT actions/a', action))).to.equal('409 resource already exists')
    const changed = await call('PUT actions/a?overwrite=true', {
      parameters: [{ key: 'p', value: 1 }],
      annotations: [{ key: 'y', value: 2 }],
      delAnnotations: ['x'],
      limits: { memory: 512 },
    })
    const shown = (await call('GET actions/a')).body as JsonObject
    expect(shown).to.deep.equal(changed.body)
    expect(shown).to.deep.include({ version: '0.0.2', namespace: 'guest', name: 'a' })
    expect(shown.limits).to.deep.equal({ timeout: 60_000, memory: 512, logs: 10, concurrency: 1 })
    expect(shown.annotations).to.have.deep.members([
      { key: 'provide-api-key', value: false },
      { key: 'y', value: 2 },
      { key: 'exec', value: 'nodejs:20' },
    ])
    expect((await call('DELETE actions/a')).body).to.deep.equal(shown)
    expect(error(await call('GET actions/a'))).to.equal('404 The requested resource does not exist.')
  })

  it('keeps code that is too large for the document apart, and gives it back', async () => {
    const code = 'x = "é"; '.repeat(20_000)
    await call('PUT actions/big', { exec: { kind: 'python:3.11', code } })
    const { exec } = (await call('GET actions/big')).body as { exec: JsonObject }
    expect(exec.code).to.equal(code)
    await call('PUT actions/big?overwrite=true', { limits: { memory: 128 } })
    const { exec: again } = (await call('DELETE actions/big')).body as { exec: JsonObject }
    expect(again.code).to.equal(code)
  })

  it('runs the newest revision after a change', async () => {
    await call('PUT actions/a', { ...action, parameters: [{ key: 'p', value: 1 }] })
    expect((await call('POST actions/a?blocking=true&result=true', {})).body).to.deep.equal({ p: 1 })
    await call('PUT actions/a?overwrite=true', { parameters: [{ key: 'p', value: 2 }] })
    expect((await call('POST actions/a?blocking=true&result=true', {})).body).to.deep.equal({ p: 2 })
    expect(server.echo.received.map(({ action: { version } }) => version)).to.deep.equal(['0.0.1', '0.0.2'])
  })

  it('answers 202 with the id when the wait is over, and the activation goes on', async () => {
    await call('PUT actions/a', action)
    server.echo.behaviour = { isSilent: true }
    const answer = await call('POST actions/a?blocking=true&timeout=20', {})
    expect(answer.status).to.equal(202)
    expect(answer.body).to.deep.equal({ activationId: answer.headers['x-openwhisk-activation-id'] })
    expect(server.controller.activeCount(subjectKeys.guest.slice(0, 36))).to.equal(1)
  })

  const responses = [
    { statusCode: 0, result: [1, 2], http: 200, body: [1, 2] },
    { statusCode: 1, result: { error: 'e' }, http: 502, body: { error: 'e' } },
    { statusCode: 2, result: { error: 'e' }, http: 502, body: { error: 'e' } },
    { statusCode: 3, result: { error: 'e' }, http: 500, body: { error: 'e' } },
  ] as const
  for (const { statusCode, result, http, body } of responses) {
    it(`answers ${http} for status ${statusCode}, with the result and no code`, async () => {
      await call('PUT actions/a', action)
      server.echo.behaviour = { respond: () => ({ statusCode, result }) }
      const answer = await call('POST actions/a?blocking=true&result=true', {})
      expect(answer.status).to.equal(http)
      expect(answer.body).to.deep.equal(body)
    })
  }

  it('refuses more at a time than allowed, until a completion comes', async () => {
    await call('PUT actions/a', action)
    server.echo.behaviour = { isNeverCompleted: true }
    for (const _ of [1, 2]) expect((await call('POST actions/a?blocking=true', {})).status).to.equal(200)
    expect(error(await call('POST actions/a', {}))).to.equal(
      '429 Too many concurrent requests in flight (count: 2, allowed: 2).',
    )
  })

  it('counts an invocation before it looks whether the action is there', async () => {
    await server.subjects.setLimits('guest', { invocationsPerMinute: 1 })
    expect(error(await call('POST actions/none', {}))).to.match(/^404/)
    expect(error(await call('POST actions/none', {}))).to.match(/^429 .*count: 2, allowed: 1/)
  })

  it('allows only the kinds that a subject may have', async () => {
    await call('PUT actions/a', action)
    await server.subjects.setLimits('guest', { allowedKinds: ['python:3.11'] })
    const text = "403 The supplied authentication is not authorized to access actions of kind 'nodejs:20'."
    expect(error(await call('PUT actions/b', action))).to.equal(text)
    expect(error(await call('POST actions/a', {}))).to.equal(text)
  })

  it('takes a key back at once when the subject is blocked or removed', async () => {
    expect((await call('GET /api/v1/namespaces')).status).to.equal(200)
    await server.subjects.setBlocked('guest', true)
    expect(error(await call('GET /api/v1/namespaces'))).to.equal('401 The supplied authentication is invalid')
    await server.subjects.setBlocked('guest', false)
    expect((await call('GET /api/v1/namespaces')).status).to.equal(200)
    await server.subjects.delete({ subject: 'guest' })
    expect((await call('GET /api/v1/namespaces')).status).to.equal(401)
  })

  it('keeps each namespace to itself', async () => {
    await call('PUT actions/a', action)
    const headers = { authorization: basicAuth('other') }
    const text = "403 The supplied authentication is not authorized to access 'guest/a'."
    for (const method of ['GET', 'PUT', 'POST', 'DELETE']) {
      const body = method === 'PUT' ? { ...action } : {}
      expect(error(await call(`${method} /api/v1/namespaces/guest/actions/a`, body, headers))).to.equal(text)
    }
  })

  const absent: readonly (readonly [line: string, feature: string])[] = [
    ['PUT packages/p', 'packages'],
    ['POST packages/refresh', 'packages'],
    ['PUT actions/p/a', 'packages'],
    ['PUT triggers/t', 'triggers'],
    ['POST triggers/t', 'triggers'],
    ['GET rules/r', 'rules'],
    ['DELETE rules/r', 'rules'],
    ['GET /api/v1/web/guest/default/a.json', 'web actions'],
    ['POST /api/v1/web/whisk.system/apimgmt/createApi.http', 'web actions'],
  ]
  for (const [line, feature] of absent) {
    it(`answers 501 to ${line} and names ${feature}`, async () => {
      const answer = await call(line, { ...action })
      expect(error(answer)).to.contain(`501 Cannot serve ${feature}:`)
      expect((answer.body as JsonObject).code).to.be.a('string')
    })
  }

  it('answers 501 to a sequence', async () => {
    const sequence = { exec: { kind: 'sequence', components: ['/_/a'] } }
    expect(error(await call('PUT actions/s', sequence))).to.contain('501 Cannot serve sequences:')
  })

  it('has no packages, triggers and rules to list or count', async () => {
    for (const collection of ['packages', 'triggers', 'rules']) {
      expect((await call(`GET ${collection}?limit=0&skip=0`)).body).to.deep.equal([])
      expect((await call(`GET ${collection}?count=true`)).body).to.deep.equal({ [collection]: 0 })
    }
  })

  it('calls what is no action a conflict', async () => {
    const trigger = { _id: 'guest/t', entityType: 'trigger', namespace: 'guest', name: 't' }
    await server.databases.whisks.put(trigger)
    const text = '409 Resource by this name exists but is not in this collection.'
    expect(error(await call('GET actions/t'))).to.equal(text)
    expect(error(await call('PUT actions/t?overwrite=true', action))).to.equal(text)
  })

  it('takes an action for no package', async () => {
    await call('PUT actions/a', action)
    const text = '409 Resource by this name exists but is not in this collection.'
    for (const line of ['GET actions/a/', 'GET actions/a/b', 'PUT actions/a/b', 'DELETE actions/a/b']) {
      expect(error(await call(line, {})), line).to.equal(text)
    }
  })

  it('removes an action whose code is lost', async () => {
    const lost = { attachmentName: 'couch:lost', attachmentType: 'text/plain' }
    await call('PUT actions/a', action)
    const document = await server.databases.whisks.get('guest/a')
    await server.databases.whisks.put({
      ...document,
      _id: 'guest/a',
      exec: { kind: 'nodejs:20', code: lost, binary: false },
    })
    const { body } = await call('DELETE actions/a')
    expect((body as { exec: JsonObject }).exec.code).to.deep.equal(lost)
  })

  it('names a document that cannot be read, and goes on', async () => {
    await server.databases.whisks.put({ _id: 'guest/broken', entityType: 'action', exec: 1 })
    expect(error(await call('GET actions/broken'))).to.equal('500 Resource is corrupted and cannot be read.')
    expect((await call('PUT actions/a', action)).status).to.equal(200)
  })

  it('refuses kinds that the manifest calls deprecated', async () => {
    await call('PUT actions/a', action)
    const deprecated = { kind: 'nodejs:20', deprecated: true } as const
    const kinds = new Map([['nodejs:20', { ...deprecated, family: 'nodejs' }]]) as never
    const strict = await startRestServer({
      manifest: { kinds, blackboxes: [] },
      actions: server.actions,
      subjects: server.subjects,
    })
    const strictCaller = new HttpCaller(strict.url)
    const headers = { authorization: basicAuth('guest'), 'content-type': 'application/json' }
    const path = '/api/v1/namespaces/_/actions/a'
    for (const method of ['PUT', 'POST']) {
      const { body } = await strictCaller.call({ method, path: `${path}?overwrite=true`, headers, body: '{}' })
      expect(body.toString()).to.contain("The 'nodejs:20' runtime is no longer supported.")
    }
    strictCaller.close()
    await strict.stop()
  })

  it('echoes the transaction id, also in errors', async () => {
    const answer = await call('GET actions/none', undefined, { 'x-request-id': 'mine' })
    expect(answer.headers['x-request-id']).to.equal('mine')
    expect(answer.body).to.have.property('code', 'mine')
  })

  it('invokes by a path that is percent-encoded as by a plain one', async () => {
    await call('PUT actions/a.b', action)
    for (const name of ['a.b', 'a%2Eb']) {
      const ran = await call(`POST actions/${name}?blocking=true&result=true`, { p: 1 }, { 'x-request-id': 'mine' })
      expect(ran.body, name).to.deep.equal({ p: 1 })
      expect(ran.headers, name).to.include({ 'x-request-id': 'mine', 'access-control-allow-origin': '*' })
      const wrong = { authorization: basicAuth('guest').slice(0, -8) }
      expect((await call(`POST actions/${name}`, {}, wrong)).status, name).to.equal(401)
    }
    for (const name of ['none', 'n%6Fne']) expect((await call(`POST actions/${name}`, {})).status, name).to.equal(404)
  })

  it('reads names that are percent-encoded, and refuses a path that is not', async () => {
    const name = 'a b&c@d'
    expect((await call(`PUT actions/${encodeURIComponent(name)}`, action)).body).to.have.property('name', name)
    expect((await call(`GET actions/${encodeURIComponent(name)}`)).status).to.equal(200)
    expect((await call('GET actions/%E0%A4%A')).status).to.equal(400)
    expect(error(await call('GET actions/a%2Fb'))).to.equal('400 The name of the entity contains illegal characters.')
  })
})
