import type { RequestListener, ServerResponse } from 'node:http'
import { expect } from 'chai'
import type { CouchOptions } from '../../../../invoker/adapters/couch/connection.ts'
import { CouchStore } from '../../../../invoker/adapters/couch/couch-store.ts'
import { documentPath } from '../../../../invoker/adapters/couch/document-path.ts'
import type { Fault } from '../../../../invoker/faults/fault.ts'
import { faultOf } from '../../../support/fault-of.ts'
import { type OddServer, oddServer } from '../../../support/odd-server.ts'

const tries = 3
const retry = { tries, firstDelayMs: 1, maxDelayMs: 2 }

function answer(response: ServerResponse, statusCode: number, body: unknown): void {
  response.writeHead(statusCode, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

describe('documentPath()', () => {
  for (const [id, path] of [
    ['guest/pkg/hello', 'guest%2Fpkg%2Fhello'],
    ['guest/with space', 'guest%2Fwith+space'],
    ['a@b & c', 'a%40b+%26+c'],
    ["a+b'(c)!~*.-_", 'a%2Bb%27%28c%29%21%7E*.-_'],
    ['größe', 'gr%C3%B6%C3%9Fe'],
  ] as const) {
    it(`encodes ${id} as Java does`, () => expect(documentPath(id)).to.equal(path))
  }
})

describe('CouchStore', () => {
  let server: OddServer
  let store: CouchStore

  const start = async (listener: RequestListener, options: Partial<CouchOptions> = {}): Promise<void> => {
    server = await oddServer(listener)
    store = new CouchStore({ url: server.url, database: 'whisks', retry, timeoutMs: 5000, ...options })
  }

  afterEach(async () => {
    await store.stop(AbortSignal.timeout(1000))
    await server.stop()
  })

  it('asks as OpenWhisk does', async () => {
    await start((_, response) => answer(response, 200, { rows: [] }))
    await store.view('whisks.v2.1.0', 'actions', {
      startKey: ['guest', '\ufff0', '\ufff0'],
      endKey: ['guest', 0],
      descending: true,
      limit: 30,
      stale: true,
    })
    const [path, query] = (server.requests[0] ?? '').split('?')
    expect(path).to.equal('GET /whisks/_design/whisks.v2.1.0/_view/actions')
    expect(Object.fromEntries(new URLSearchParams(query))).to.deep.equal({
      reduce: 'false',
      startkey: '["guest","\ufff0","\ufff0"]',
      endkey: '["guest",0]',
      descending: 'true',
      limit: '30',
      stale: 'update_after',
    })
  })

  it('keeps its connections, and its key out of URLs and faults', async () => {
    const sockets = new Set<unknown>()
    const keys = new Set<unknown>()
    await start(
      ({ socket, headers }, response) => {
        sockets.add(socket)
        keys.add(headers.authorization)
        answer(response, 401, { error: 'unauthorized', reason: 'Name or password is incorrect.' })
      },
      { username: 'whisk_admin', password: 'some_passw0rd' },
    )
    for (let time = 0; time < 8; time += 1) {
      const fault = await faultOf(store.get('guest/x'))
      expect(fault.code).to.equal('STORE_REFUSED')
      expect(JSON.stringify([fault.message, fault.facts, server.requests])).to.not.contain('passw0rd')
    }
    expect((await faultOf(store.attachment('guest/x', 'a'))).code).to.equal('STORE_REFUSED')
    expect([...keys]).to.deep.equal([`Basic ${Buffer.from('whisk_admin:some_passw0rd').toString('base64')}`])
    // A second one opens where a request comes before undici has put the first back.
    expect(sockets.size).to.be.at.most(2)
  })

  for (const [statusCode, code, isTriedAgain] of [
    [400, 'STORE_REFUSED', false],
    [403, 'STORE_REFUSED', false],
    [409, 'DOCUMENT_CONFLICT', false],
    [413, 'STORE_REFUSED', false],
    [429, 'STORE_UNAVAILABLE', true],
    [500, 'STORE_UNAVAILABLE', true],
    [503, 'STORE_UNAVAILABLE', true],
  ] as const) {
    it(`takes an answer ${statusCode} for ${code}, and ${isTriedAgain ? 'asks again' : 'leaves it at that'}`, async () => {
      await start((_, response) => answer(response, statusCode, { error: 'odd', reason: 'because' }))
      expect((await faultOf(store.get('x'))).code).to.equal(code)
      expect(server.requests).to.have.lengthOf(isTriedAgain ? tries : 1)
      expect((await faultOf(store.attachment('x', 'a'))).code).to.equal(code)
    })
  }

  it('never writes twice what the server may have taken, except in bulk', async () => {
    await start((_, response) => answer(response, 500, { error: 'odd' }))
    await faultOf(store.put({ _id: 'x' }))
    await faultOf(store.remove('x', '1-1'))
    await faultOf(store.attach('x', '1-1', { name: 'a', contentType: 'b', data: Buffer.from('c') }))
    expect(server.requests.map((request) => request.split(' ')[0])).to.deep.equal(['PUT', 'DELETE', 'PUT'])
    await faultOf(store.bulk([{ _id: 'x' }]))
    expect(server.requests).to.have.lengthOf(3 + tries)
  })

  it('tells a database that is not there from a document that is not', async () => {
    await start((_, response) => answer(response, 404, { error: 'not_found', reason: 'Database does not exist.' }))
    const fault = await faultOf(store.get('x'))
    expect([fault.code, fault.message]).to.deep.equal([
      'STORE_REFUSED',
      'Cannot use the document store: the database "whisks" does not exist',
    ])
  })

  it('gives up an answer that does not come, within its time', async () => {
    await start(() => undefined, { timeoutMs: 50 })
    expect((await faultOf(store.get('x'))).message).to.equal(
      'Cannot reach the document store: get "x" got no answer within 50 ms',
    )
    expect(server.requests).to.have.lengthOf(tries)
    const fault = await faultOf(store.put({ _id: 'x' }))
    expect([fault.code, fault.facts.wasSent]).to.deep.equal(['STORE_UNAVAILABLE', true])
    expect((await faultOf(store.attachment('x', 'a'))).code).to.equal('STORE_UNAVAILABLE')
  })

  it('gives up an answer that stops in the middle, within its time', async () => {
    await start(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 }).write('{"_rev":')
      },
      { timeoutMs: 50 },
    )
    expect((await faultOf(store.get('x'))).code).to.equal('STORE_UNAVAILABLE')
    expect((await faultOf(store.attachment('x', 'a'))).code).to.equal('STORE_UNAVAILABLE')
  })

  it('takes an answer that breaks off for an outage', async () => {
    await start((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 }).write('{"_rev":')
      setImmediate(() => response.destroy())
    })
    expect((await faultOf(store.get('x'))).code).to.equal('STORE_UNAVAILABLE')
    expect((await faultOf(store.attachment('x', 'a'))).code).to.equal('STORE_UNAVAILABLE')
  })

  it('takes an answer that is no CouchDB’s for an outage', async () => {
    await start((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'))
    const codes = await Promise.all(
      [store.get('x'), store.view('d', 'v', {})].map((work) => work.catch((fault: Fault) => fault.code)),
    )
    expect(codes).to.deep.equal(['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE'])
  })

  it('comes through a short failure', async () => {
    let failures = 2
    await start((_, response) =>
      failures-- > 0 ? answer(response, 503, { error: 'busy' }) : answer(response, 200, { _id: 'x', _rev: '1-1' }),
    )
    expect(await store.get('x')).to.deep.equal({ _id: 'x', _rev: '1-1' })
  })

  it('stops asking when the caller gives up', async () => {
    await start(() => undefined)
    const giveUp = new AbortController()
    const got = store.get('x', giveUp.signal).catch((error: unknown) => error)
    giveUp.abort(new Error('enough'))
    expect(String(await got)).to.contain('enough')
  })

  it('faults when a bulk write is answered for fewer documents than it had', async () => {
    await start((_, response) => answer(response, 200, { ok: true }))
    expect((await faultOf(store.bulk([{ _id: 'x' }]))).code).to.equal('STORE_UNAVAILABLE')
  })

  it('faults when one document of a bulk was refused for another reason than a conflict', async () => {
    await start((_, response) => answer(response, 201, [{ id: 'x', error: 'forbidden', reason: 'no' }]))
    expect((await faultOf(store.bulk([{ _id: 'x' }]))).message).to.contain('"x" was refused (forbidden: no)')
  })
})
