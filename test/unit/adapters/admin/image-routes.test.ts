import { expect } from 'chai'
import { adminApp } from '../../../../invoker/adapters/admin/admin-app.ts'
import { type AdminServer, listen } from '../../../../invoker/adapters/admin/admin-server.ts'
import { imageApp } from '../../../../invoker/adapters/admin/image-routes.ts'
import { Fault } from '../../../../invoker/faults/fault.ts'
import { deferred } from '../../../../invoker/lib/deferred.ts'
import { aLog } from '../../../support/a-log.ts'
import { anImage, FakeImageAdmin } from '../../../support/fake-image-admin.ts'

describe('the routes of images', () => {
  let images: FakeImageAdmin
  let server: AdminServer
  const log = aLog()

  beforeEach(async () => {
    images = new FakeImageAdmin()
    images.images = [anImage('a'), anImage('ab')]
    server = await listen(imageApp({ images, log }), { host: '127.0.0.1', port: 0 })
  })

  afterEach(() => server.stop(AbortSignal.timeout(1000)))

  async function ask(method: string, path: string, body?: string) {
    const init = body === undefined ? { method } : { method, body }
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init)
    const text = await response.text()
    return { status: response.status, type: response.headers.get('content-type') ?? '', text }
  }
  const build = (request: unknown) => ask('POST', '/images', JSON.stringify(request))
  const lines = (text: string): unknown[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))

  it('list, show and advise as JSON', async () => {
    const listed = await ask('GET', '/images')
    expect(listed.type).to.contain('application/json')
    expect(JSON.parse(listed.text)).to.deep.equal(images.images)
    expect(JSON.parse((await ask('GET', '/images/aB')).text)).to.deep.equal(images.images[1])
    expect(JSON.parse((await ask('GET', '/images/advice')).text)).to.deep.equal(images.advice)
  })

  it('remove, and say what is gone', async () => {
    expect(JSON.parse((await ask('DELETE', '/images/aa')).text)).to.have.property('id', 'a'.repeat(64))
    expect(images.images).to.have.length(1)
  })

  it('tell how a build goes on, line by line, while it goes on', async () => {
    const done = deferred()
    images.steps = [{ done: 0, total: 1, now: 'importing numpy' }]
    images.outcome = async () => {
      await done.promise
      return anImage('c')
    }
    const body = JSON.stringify({ kind: 'python:3', packages: ['numpy'] })
    const response = await fetch(`http://127.0.0.1:${server.port}/images`, { method: 'POST', body })
    expect(response.headers.get('content-type')).to.contain('application/x-ndjson')
    const reader = response.body?.getReader()
    const first = await reader?.read()
    expect(new TextDecoder().decode(first?.value)).to.equal(`${JSON.stringify({ progress: images.steps[0] })}\n`)
    done.resolve()
    const last = await reader?.read()
    expect(lines(new TextDecoder().decode(last?.value))).to.deep.equal([{ image: anImage('c') }])
    expect(images.asked).to.deep.equal([{ kind: 'python:3', packages: ['numpy'] }])
  })

  it('end a build that fails on its way with the reason as its last line', async () => {
    images.steps = [{ done: 0, total: 1, now: 'importing numpy' }]
    images.outcome = () => Promise.reject(new Fault('IMAGE_UNSUITABLE', 'it starts threads'))
    const { status, text } = await build({ kind: 'python:3' })
    expect(status).to.equal(200)
    expect(lines(text)[1]).to.deep.equal({
      error: 'Cannot make a dependency image of these packages: it starts threads',
      code: 'IMAGE_UNSUITABLE',
    })
  })

  it('go on with a build whose asker has gone', async () => {
    const [begun, done, over] = [deferred(), deferred(), deferred()]
    images.outcome = async () => {
      begun.resolve()
      await done.promise
      over.resolve()
      return anImage('c')
    }
    const gone = new AbortController()
    const body = JSON.stringify({ kind: 'python:3' })
    const asked = fetch(`http://127.0.0.1:${server.port}/images`, { method: 'POST', body, signal: gone.signal })
    await begun.promise
    gone.abort()
    expect(await asked.catch((error: Error) => error.name)).to.equal('AbortError')
    done.resolve()
    await over.promise
    expect((await ask('GET', '/images')).status).to.equal(200)
  })

  const refusals: readonly (readonly [fault: Fault, status: number])[] = [
    [new Fault('KIND_UNAVAILABLE', '"php:8" is unknown'), 400],
    [new Fault('IMAGE_UNKNOWN', '"numpi" is nowhere'), 404],
    [new Fault('IMAGE_UNSUITABLE', 'it keeps sockets'), 422],
    [new Fault('IMAGE_BUILD', 'out of memory'), 500],
    [new Fault('STORE_UNAVAILABLE', 'no answer'), 503],
  ]
  for (const [fault, status] of refusals) {
    it(`answer ${status} with the sentence of ${fault.code}`, async () => {
      images.outcome = () => Promise.reject(fault)
      const answer = await build({ kind: 'python:3' })
      expect(answer.status).to.equal(status)
      expect(JSON.parse(answer.text)).to.deep.equal({ error: fault.message, code: fault.code })
    })
  }

  it('say what is wrong with an id, a request, or a body, and ask nobody', async () => {
    expect(await ask('GET', '/images/numpy')).to.include({ status: 400 })
    expect((await ask('DELETE', `/images/${'a'.repeat(65)}`)).text).to.contain('up to 64 hexadecimal digits')
    expect(await ask('GET', '/images/%zz')).to.include({ status: 400 })
    expect((await build({ packages: ['numpy'] })).text).to.contain('kind: is missing')
    expect(await ask('POST', '/images')).to.include({ status: 400 })
    expect((await ask('POST', '/images', '{')).text).to.contain('Cannot read the request')
    expect(await ask('POST', '/images', 'x'.repeat(70_000))).to.include({ status: 413 })
    expect(images.asked).to.deep.equal([])
  })

  it('tell nothing of a mistake of ours', async () => {
    images.outcome = () => Promise.reject(new TypeError('secret'))
    expect(await build({ kind: 'python:3' })).to.include({
      status: 500,
      text: '{"error":"Cannot answer: the log says why"}',
    })
  })

  it('answer 404 to anything else', async () => {
    expect(await ask('GET', '/other')).to.include({ status: 404 })
    expect(await ask('PUT', '/images')).to.include({ status: 404 })
  })
})

describe('the routes of images on the admin port', () => {
  const credentials = { username: 'invoker.user', password: 'secret' }
  const authorization = `Basic ${Buffer.from('invoker.user:secret').toString('base64')}`
  const invoker = { isEnabled: true, enable: async () => undefined, disable: async () => undefined }
  const metrics = { contentType: 'text/plain', text: async () => '' }

  async function statuses(images: FakeImageAdmin | undefined): Promise<readonly number[]> {
    const app = adminApp({ name: 'invoker0', credentials, invoker, metrics, images: { images, log: aLog() } })
    const server = await listen(app, { host: '127.0.0.1', port: 0 })
    try {
      const url = `http://127.0.0.1:${server.port}/images`
      const without = await fetch(url)
      const withThem = await fetch(url, { headers: { authorization } })
      return [without.status, withThem.status]
    } finally {
      await server.stop(AbortSignal.timeout(1000))
    }
  }

  it('need the credentials', async () => {
    expect(await statuses(new FakeImageAdmin())).to.deep.equal([401, 200])
  })

  it('say that images are off', async () => {
    expect(await statuses(undefined)).to.deep.equal([401, 409])
  })
})
