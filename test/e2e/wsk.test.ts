import { expect } from 'chai'
import type { Json, JsonObject } from '../../invoker/domain/json.ts'
import { HttpCaller } from '../support/replay-call.ts'
import { basicAuth } from '../support/subjects.ts'
import { withServer } from '../support/whole-server.ts'

const code = 'function main(p) { console.log("said"); return p }'
const zipped =
  'UEsDBBQAAAAAAEUZdl2DFtyMAQAAAAEAAAAIAAAAaW5kZXguanN4UEsBAhQDFAAAAAAARRl2XYMW3IwBAAAAAQAAAAgAAAAAAAAAAAAAAIABAAAAAGluZGV4LmpzUEsFBgAAAAABAAEANgAAACcAAAAAAA=='
const nothing = { status: '', trigger: '/_/t', action: '/_/hello' }

/** What wsk sends, in the order of a session, with the status it gets and what it reads of the answer (protocol reference 8.17). */
const session: readonly (readonly [line: string, body: Json | undefined, status: number, reads: readonly string[]])[] =
  [
    ['GET /api/v1/namespaces', undefined, 200, ['0']],
    ['GET actions?limit=0&skip=0', undefined, 200, []],
    ['GET packages?limit=0&skip=0', undefined, 200, []],
    ['GET triggers?limit=0&skip=0', undefined, 200, []],
    ['GET rules?limit=0&skip=0', undefined, 200, []],
    [
      'PUT actions/hello?overwrite=false',
      { namespace: '_', name: 'hello', exec: { kind: 'nodejs:default', code } },
      200,
      ['name', 'version'],
    ],
    [
      'PUT actions/hello?overwrite=false',
      { namespace: '_', name: 'hello', exec: { kind: 'nodejs:default', code } },
      409,
      ['error', 'code'],
    ],
    ['GET actions/hello?code=false', undefined, 200, ['annotations', 'limits', 'exec']],
    [
      'PUT actions/hello?overwrite=true',
      {
        namespace: '_',
        name: 'hello',
        exec: { kind: 'nodejs:default', code },
        annotations: [
          { key: 'web-export', value: true },
          { key: 'raw-http', value: false },
        ],
        parameters: [{ key: 'a', value: 1 }],
        limits: { timeout: 1000, memory: 512, concurrency: 1 },
      },
      200,
      ['name', 'version'],
    ],
    [
      'PUT actions/z?overwrite=false',
      { namespace: '_', name: 'z', exec: { kind: 'nodejs:20', code: zipped, main: 'm' } },
      200,
      ['exec'],
    ],
    [
      'PUT actions/py?overwrite=false',
      { namespace: '_', name: 'py', exec: { kind: 'python:default', code: 'print(1)\n' } },
      200,
      ['exec'],
    ],
    [
      'PUT actions/dk?overwrite=false',
      { namespace: '_', name: 'dk', exec: { kind: 'blackbox', image: 'img/x' } },
      200,
      ['exec'],
    ],
    [
      'PUT actions/g?overwrite=false',
      { namespace: '_', name: 'g', exec: { kind: 'go:default', code: 'x' } },
      400,
      ['error', 'code'],
    ],
    [
      'PUT actions/pkg/z?overwrite=false',
      { namespace: '_', name: 'pkg/z', exec: { kind: 'nodejs:20', code } },
      501,
      ['error', 'code'],
    ],
    [
      'PUT actions/seq?overwrite=false',
      { namespace: '_', name: 'seq', exec: { kind: 'sequence', components: ['/_/hello'] } },
      501,
      ['error', 'code'],
    ],
    ['GET actions/hello?code=true', undefined, 200, ['exec']],
    ['GET actions?limit=30&skip=0', undefined, 200, ['0', '1', '2', '3']],
    ['GET actions?limit=5&skip=1', undefined, 200, ['0', '1', '2']],
    ['GET /api/v1/namespaces/guest/actions?limit=30&skip=0', undefined, 200, ['0']],
    ['GET actions/pkg/?limit=30&skip=0', undefined, 404, ['error', 'code']],
    ['GET actions/pkg//?limit=30&skip=0', undefined, 404, ['error', 'code']],
    ['GET actions/missing?code=false', undefined, 404, ['error', 'code']],
    ['DELETE actions/missing', undefined, 404, ['error', 'code']],
    ['POST actions/hello?blocking=false&result=false', { n: 1 }, 202, ['activationId']],
    ['POST actions/hello?blocking=true&result=false', {}, 200, ['activationId', 'response', 'start', 'end']],
    ['POST actions/hello?blocking=true&result=true', {}, 200, ['a']],
    ['GET activations?limit=1&skip=0', undefined, 200, ['0']],
    ['GET activations/{{last}}', undefined, 200, ['activationId', 'response', 'logs']],
    ['GET activations/{{last}}/logs', undefined, 200, ['logs']],
    ['GET activations/{{last}}/result', undefined, 200, ['result', 'success', 'status']],
    ['GET activations/0123456789abcdef0123456789abcdef', undefined, 404, ['error', 'code']],
    ['GET activations?docs=true&limit=3&name=hello&since=1&skip=0&upto=9', undefined, 200, []],
    ['GET activations?docs=true&limit=0&skip=0', undefined, 200, ['0']],
    ['GET activations?limit=30&name=pkg%2Fhello&since=5&skip=0', undefined, 200, []],
    ['DELETE actions/hello', undefined, 200, ['name', 'exec']],
    ['PUT packages/pkg?overwrite=false', { namespace: '_', name: 'pkg' }, 501, ['error', 'code']],
    ['GET packages/pkg', undefined, 501, ['error', 'code']],
    ['POST packages/refresh', undefined, 501, ['error', 'code']],
    ['DELETE packages/pkg', undefined, 501, ['error', 'code']],
    ['PUT triggers/t?overwrite=false', { name: 't' }, 501, ['error', 'code']],
    ['POST triggers/t', { a: 1 }, 501, ['error', 'code']],
    ['PUT rules/r?overwrite=false', { name: 'r', ...nothing }, 501, ['error', 'code']],
    ['POST rules/r', { status: 'active', trigger: null, action: null }, 501, ['error', 'code']],
    [
      'POST /api/v1/namespaces/whisk.system/actions/alarms/alarm?blocking=true&result=false',
      {},
      403,
      ['error', 'code'],
    ],
    [
      'GET /api/v1/web/whisk.system/apimgmt/getApi.http?accesstoken=DUMMY+TOKEN&limit=30&skip=0',
      undefined,
      501,
      ['error', 'code'],
    ],
  ]

describe('the requests of the wsk command line', () => {
  it('get the statuses and members that it reads', async function () {
    this.timeout(120_000)
    await withServer({ settings: { 'throttles.invocationsPerMinute': '1000' } }, async ({ url }) => {
      const caller = new HttpCaller(url)
      let last = ''
      for (const [line, body, status, reads] of session) {
        const answer = await ask(caller, { line: line.replace('{{last}}', last), body, status })
        const shown = `${line} gave ${answer.status} ${JSON.stringify(answer.body)}`
        expect(answer.status, shown).to.equal(status)
        expect(Object.keys(answer.body as JsonObject), shown).to.include.members([...reads])
        last = lastId(answer.body) ?? last
      }
      caller.close()
    })
  })

  it('find the build without a key', async () => {
    await withServer({ build: { date: 'now', number: 'dev' } }, async ({ url }) => {
      const caller = new HttpCaller(url)
      const { body } = await caller.call({ method: 'GET', path: '/api/v1' })
      expect(JSON.parse(body.toString())).to.include({ build: 'now', buildno: 'dev' })
      caller.close()
    })
  })
})

async function ask(
  caller: HttpCaller,
  { line, body, status }: { readonly line: string; readonly body: Json | undefined; readonly status: number },
): Promise<{ readonly status: number; readonly body: Json }> {
  const [method = '', path = ''] = line.split(' ')
  const headers = {
    authorization: basicAuth('guest'),
    'user-agent': 'OpenWhisk-CLI/1.0 (not set) linux amd64',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const whole = path.startsWith('/') ? path : `/api/v1/namespaces/_/${path}`
  // A record is stored after its activation was answered.
  const end = Date.now() + 10_000
  for (;;) {
    const sent = body === undefined ? undefined : JSON.stringify(body)
    const answer = await caller.call({ method, path: whole, headers, body: sent })
    if (answer.status === status || !whole.includes('/activations') || Date.now() > end) {
      return { status: answer.status, body: JSON.parse(answer.body.toString()) as Json }
    }
  }
}

function lastId(body: Json): string | undefined {
  const id = (body as JsonObject).activationId
  return typeof id === 'string' ? id : undefined
}
