import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect } from 'chai'
import { HttpServer } from '../../../deploy/standalone/http-server.ts'
import { deferred } from '../../../invoker/lib/deferred.ts'
import { faultOf } from '../../support/fault-of.ts'

const soon = (): AbortSignal => AbortSignal.timeout(5_000)

describe('HttpServer', () => {
  let server: HttpServer

  beforeEach(async () => {
    server = new HttpServer()
    await server.listen('127.0.0.1', 0)
  })
  afterEach(() => server.stop(soon()))

  const get = (): Promise<Response> => fetch(`http://127.0.0.1:${server.port}/`)

  it('answers 503 until it is told who answers', async () => {
    expect((await get()).status).to.equal(503)
    server.serve((_request, response) => response.end('ready'))
    expect(await (await get()).text()).to.equal('ready')
  })

  it('serves every address that it listens on', async () => {
    await server.listen('127.0.0.2', server.port)
    server.serve((_request, response) => response.end('ready'))
    expect(await (await fetch(`http://127.0.0.2:${server.port}/`)).text()).to.equal('ready')
  })

  it('lets requests under way end, and takes no more', async () => {
    const begun = deferred<ServerResponse>()
    server.serve((_request, response) => begun.resolve(response))
    const answer = get()
    const response = await begun.promise
    server.refuse()
    const stopped = server.stop(soon())
    expect(await get().catch((error: unknown) => (error instanceof Error ? error.message : ''))).to.equal(
      'fetch failed',
    )
    response.end('late')
    expect(await (await answer).text()).to.equal('late')
    await stopped
  })

  it('cuts off what does not end in time', async () => {
    const begun = deferred<ServerResponse>()
    server.serve((_request, response) => begun.resolve(response))
    const answer = get().catch(() => 'cut off')
    const closed = once(await begun.promise, 'close')
    await server.stop(AbortSignal.abort())
    await closed
    expect(await answer).to.equal('cut off')
  })

  it('says which address is taken', async () => {
    const other = new HttpServer()
    const fault = await faultOf(other.listen('127.0.0.1', server.port))
    expect(fault.message).to.equal(
      `Cannot listen: 127.0.0.1:${server.port} gives EADDRINUSE: choose another with --port`,
    )
  })
})
