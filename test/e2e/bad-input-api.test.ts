import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import type { Json } from '../../invoker/domain/json.ts'
import { BadInputServer } from '../support/bad-input-server.ts'
import { basicAuth } from '../support/subjects.ts'

const echo = { exec: { kind: 'nodejs:20', code: 'const main = (p) => p' } }
const image = { prefix: 'someone', name: 'rust', tag: 'latest' }
const foreignKinds = { rust: [{ kind: 'rust:1.34', image, deprecated: false, default: true }] }
const illegalName = 'The name of the entity contains illegal characters.'

/** Requests of the guest that are refused (protocol reference 8.1, 8.4). What the recordings hold is not here again. */
const refusals: readonly (readonly [what: string, line: string, body: Json, status: number, error: string])[] = [
  [
    'an unknown kind, and names those that are known',
    'PUT actions/x',
    { exec: { kind: 'cobol:1', code: 'x' } },
    400,
    "The request content was malformed:\nThe specified runtime 'cobol:1' is not supported by this platform. Valid values are: 'nodejs:20', 'python:3', 'python:3.11', 'rust:1.34', 'blackbox', 'sequence'.",
  ],
  ['a name with a character that is not allowed', 'PUT actions/a$b', echo, 400, illegalName],
  ['a name that ends in a blank', 'PUT actions/a%20', echo, 400, illegalName],
  ['a name with an encoded NUL', 'PUT actions/a%00b', echo, 400, illegalName],
  ['a name that leads elsewhere', 'PUT actions/..%2f..%2fsecret', echo, 400, illegalName],
  [
    'a name that is too long',
    `PUT actions/${'a'.repeat(257)}`,
    echo,
    400,
    'Name segement longer than allowed: 257 > 256.',
  ],
  [
    'a wait that is no number',
    'POST actions/good?blocking=true&timeout=soon',
    {},
    400,
    "The query parameter 'timeout' was malformed:\nTimeout must be number of milliseconds up to 60000.",
  ],
]

/** Bytes that are no good request, with the first line of the answer, or none where the connection is closed. */
const nonsense: readonly (readonly [what: string, bytes: string | Buffer, answer: RegExp])[] = [
  ['what is no HTTP', 'hello\r\n\r\n', /^HTTP\/1.1 400 /],
  ['a greeting of TLS', Buffer.from('1603010200010001fc0303', 'hex'), /^HTTP\/1.1 400 /],
  ['a head without end', `GET /api/v1/namespaces HTTP/1.1\r\nx: ${'a'.repeat(100_000)}`, /^HTTP\/1.1 431 /],
  [
    'a length that is no number',
    'POST /api/v1/namespaces/_/actions/good HTTP/1.1\r\nhost: x\r\ncontent-length: many\r\n\r\n',
    /^HTTP\/1.1 400 /,
  ],
  [
    'two lengths',
    'POST /api/v1/namespaces/_/actions/good HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}',
    /^HTTP\/1.1 400 /,
  ],
  [
    'a length and chunks',
    'POST /api/v1/namespaces/_/actions/good HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}',
    /^HTTP\/1.1 400 /,
  ],
  [
    'a path with a broken escape',
    'GET /api/v1/namespaces/_/actions/%E0%A4%A HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    /^HTTP\/1.1 (400|401) /,
  ],
]

describe('bad requests', () => {
  let server: BadInputServer
  before(async () => {
    server = await BadInputServer.start(foreignKinds)
    await server.put('good', echo)
  })
  after(() => server.stop())
  afterEach('a good action runs', async () => {
    expect((await server.invoke('good', { n: 7 })).json).to.have.nested.property('response.result.n', 7)
  })

  for (const [what, line, body, status, error] of refusals) {
    it(`are refused: ${what}`, async () => {
      const answer = await server.ask(line, body)
      expect(answer.json.error).to.equal(error)
      expect(answer.status).to.equal(status)
    })
  }

  it('are read with a replacement where they are not UTF-8', async () => {
    const broken = Buffer.from('7b2261223a22ff227d', 'hex')
    expect((await server.ask('POST actions/good?blocking=true&result=true', broken)).json).to.deep.equal({
      a: '\ufffd',
    })
  })

  for (const [what, bytes, answer] of nonsense) {
    it(`are answered and let go: ${what}`, async () => {
      const { hostname, port } = new URL(server.url)
      const socket = connect(Number(port), hostname)
      await once(socket, 'connect')
      socket.write(bytes)
      expect(await text(socket)).to.match(answer)
      socket.destroy()
    })
  }

  it('are let go when they stop in the middle', async () => {
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    const head = `PUT /api/v1/namespaces/_/actions/cut HTTP/1.1\r\nhost: x\r\nauthorization: ${basicAuth('guest')}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n`
    socket.write(`${head}{"exec":`)
    socket.destroy()
    expect(await server.ask('GET actions/cut')).to.have.property('status', 404)
  })

  it('keep odd keys and characters as they are where they are good JSON', async () => {
    const odd =
      '{"__proto__":{"x":1},"constructor":1,"":2,"a\\u0000b":"\\ud83d\\ude00\\u2028","toString":null,"n":1e308}'
    const { json } = await server.ask('POST actions/good?blocking=true&result=true', odd)
    expect(JSON.stringify(json)).to.equal(JSON.stringify(JSON.parse(odd)))
  })

  for (const [what, exec, error] of [
    ['a kind that this machine cannot run', { kind: 'rust:1.34', code: 'fn main() {}' }, /rust:1.34/],
    ['an image', { kind: 'blackbox', image: 'someone/thing' }, /someone\/thing/],
  ] as const) {
    it(`may store ${what}, and its invocation says what is missing`, async () => {
      await server.put('foreign', { exec })
      const { status, json } = await server.invoke('foreign')
      expect(status).to.equal(502)
      expect(json.response).to.include({ status: 'action developer error', success: false })
      expect(json).to.have.nested.property('response.result.error').that.matches(error)
    })
  }
})
