import { expect } from 'chai'
import type { JsonObject } from '../../invoker/domain/json.ts'
import type { ActionClient, ActionConnection, ExchangeLimits } from '../../invoker/ports/action-client.ts'
import type { Endpoint } from '../../invoker/ports/containers.ts'
import type { PeerHandler } from '../support/action-peer.ts'

/** Something that listens where the client connects. */
export interface ActionPeer {
  readonly endpoint: Endpoint
  /** Says how requests are answered from now on. */
  answer(handler: PeerHandler): void
  /** Requests so far: their path and body. */
  readonly requests: readonly { readonly path: string; readonly body: JsonObject }[]
  /** Stops listening; connections break. */
  stop(): Promise<void>
  /** Listens again at the same place. */
  start(): Promise<void>
}

const limits: ExchangeLimits = { timeoutMs: 10_000, maxBytes: 1000, truncationBytes: 100 }
const length = (body: string): string => `Content-Length: ${Buffer.byteLength(body)}\r\n`
const ok = (body: string): string => `HTTP/1.1 200 OK\r\n${length(body)}\r\n${body}`

/** What every ActionClient does, on every sort of endpoint (protocol reference 6.3). */
export function actionClientContract(
  name: string,
  make: () => { readonly client: ActionClient; readonly peer: () => Promise<ActionPeer> },
): void {
  describe(`${name} as an ActionClient`, () => {
    let peer: ActionPeer
    let connection: ActionConnection

    beforeEach(async function () {
      this.timeout(20_000)
      const made = make()
      peer = await made.peer()
      connection = made.client.connect(peer.endpoint)
    })
    afterEach(async () => {
      await connection.close()
      await peer.stop()
    })

    it('posts JSON to /init and /run and gives what came back', async () => {
      peer.answer((socket) => socket.write(ok('{"winter":"☃"}')))
      const init = await connection.init({ value: { code: 'x' } }, limits)
      const run = await connection.run({ value: { name: 'Ada' } }, limits)
      expect(init).to.include({ kind: 'answered', statusCode: 200, body: '{"winter":"☃"}' })
      expect(run).to.include({ kind: 'answered', statusCode: 200, body: '{"winter":"☃"}' })
      expect(run.elapsedMs).to.satisfy(Number.isInteger)
      expect(peer.requests).to.deep.equal([
        { path: '/init', body: { value: { code: 'x' } } },
        { path: '/run', body: { value: { name: 'Ada' } } },
      ])
    })

    it('judges no status', async () => {
      for (const status of [202, 400, 404, 502, 503]) {
        peer.answer((socket) => socket.write(`HTTP/1.1 ${status} Whatever\r\n${length('{}')}\r\n{}`))
        expect(await connection.run({}, limits)).to.include({ kind: 'answered', statusCode: status, body: '{}' })
      }
    })

    it('takes an empty body that says so', async () => {
      peer.answer((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))
      expect(await connection.run({}, limits)).to.include({ kind: 'answered', body: '' })
    })

    it('joins a body that comes in pieces, in the middle of characters', async () => {
      const bytes = Buffer.from(ok('{"winter":"☃☃☃☃"}'))
      peer.answer(async (socket) => {
        for (const byte of bytes) await new Promise((sent) => socket.write(Buffer.of(byte), sent))
      })
      expect(await connection.run({}, limits)).to.include({ kind: 'answered', body: '{"winter":"☃☃☃☃"}' })
    })

    it('takes a body of exactly the allowed length, and cuts a longer one', async () => {
      const exact = 'x'.repeat(1000)
      peer.answer((socket) => socket.write(ok(exact)))
      expect(await connection.run({}, limits)).to.include({ kind: 'answered', body: exact })
      peer.answer((socket) => socket.write(ok(`${exact}y`)))
      expect(await connection.run({}, limits)).to.include({
        kind: 'truncated',
        statusCode: 200,
        body: 'x'.repeat(100),
        length: 1001,
        maxBytes: 1000,
      })
    })

    it('drains a huge body without keeping it, and goes on', async () => {
      const huge = Buffer.alloc(20 * 1024 * 1024, 'z')
      peer.answer((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${huge.length}\r\n\r\n`)
        socket.write(huge)
      })
      expect(await connection.run({}, limits)).to.include({ kind: 'truncated', length: huge.length })
      peer.answer((socket) => socket.write(ok('{}')))
      expect(await connection.run({}, limits)).to.include({ kind: 'answered', body: '{}' })
    })

    for (const [what, answer] of [
      ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
      ['without a length', 'HTTP/1.1 200 OK\r\n\r\n{}'],
      ['of no content', 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n'],
      ['that is garbage', 'nonsense\r\n\r\n'],
      ['that breaks off in its head', 'HTTP/1.1 200 OK\r\nContent-Le'],
      ['that breaks off in its body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"a"'],
      ['of nothing', ''],
    ] as const) {
      it(`takes an answer ${what} for no response`, async () => {
        peer.answer((socket) => socket.end(answer))
        expect(await connection.run({}, limits)).to.include({ kind: 'no-response' })
        peer.answer((socket) => socket.write(ok('{}')))
        expect(await connection.run({}, limits), 'the next run').to.include({ kind: 'answered' })
      })
    }

    it('never sends a run twice', async () => {
      peer.answer((socket) => socket.write(ok('{}')))
      await connection.run({ n: 1 }, limits)
      peer.answer((socket) => socket.destroy())
      await connection.run({ n: 2 }, limits)
      expect(peer.requests.map(({ body }) => body)).to.deep.equal([{ n: 1 }, { n: 2 }])
    })

    it('times out when no answer comes in time, even one that is trickling in', async () => {
      peer.answer((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"a"'))
      const exchange = await connection.run({}, { ...limits, timeoutMs: 120 })
      expect(exchange.kind).to.equal('timeout')
      expect(exchange.elapsedMs).to.be.at.least(120)
      peer.answer((socket) => socket.write(ok('{}')))
      expect(await connection.run({}, limits), 'the next run').to.include({ kind: 'answered', body: '{}' })
    })

    it('tells at once that a run is refused where nothing listens', async () => {
      await peer.stop()
      expect(await connection.run({}, limits)).to.include({ kind: 'refused' })
    })

    it('tries a refused /init until somebody listens', async () => {
      await peer.stop()
      const init = connection.init({ value: {} }, limits)
      peer.answer((socket) => socket.write(ok('{"ok":true}')))
      await peer.start()
      expect(await init).to.include({ kind: 'answered', body: '{"ok":true}' })
      expect(peer.requests).to.have.length(1)
    })

    it('gives up a refused /init at its time limit', async () => {
      await peer.stop()
      const exchange = await connection.init({ value: {} }, { ...limits, timeoutMs: 150 })
      expect(exchange.kind).to.equal('timeout')
      expect(exchange.elapsedMs).to.be.at.least(150)
    })

    it('ends what is under way when it is closed, and answers nothing afterwards', async () => {
      const arrived = new Promise<void>((resolve) => peer.answer(() => resolve()))
      const run = connection.run({}, limits)
      await arrived
      await connection.close()
      expect(await run).to.include({ kind: 'no-response' })
      expect(await connection.run({}, limits)).to.include({ kind: 'no-response' })
      expect(peer.requests).to.have.length(1)
    })

    it('overlaps runs', async () => {
      const waiting: (() => void)[] = []
      peer.answer((socket) => {
        waiting.push(() => socket.write(ok('{}')))
        if (waiting.length === 3) for (const answer of waiting) answer()
      })
      const runs = await Promise.all([1, 2, 3].map((n) => connection.run({ n }, limits)))
      expect(runs.map(({ kind }) => kind)).to.deep.equal(['answered', 'answered', 'answered'])
    })
  })
}
