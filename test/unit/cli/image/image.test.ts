import { EventEmitter } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { expect } from 'chai'
import type { Surroundings } from '../../../../deploy/cli/command.ts'
import { commandsFor } from '../../../../deploy/cli/commands.ts'
import { runImage } from '../../../../deploy/cli/image/image.ts'
import { runLine } from '../../../../deploy/cli/main.ts'
import { programs } from '../../../../deploy/cli/programs.ts'
import { AdminSocket } from '../../../../deploy/standalone/admin-socket.ts'
import { adminApp } from '../../../../invoker/adapters/admin/admin-app.ts'
import { type AdminServer, listen } from '../../../../invoker/adapters/admin/admin-server.ts'
import { imageApp } from '../../../../invoker/adapters/admin/image-routes.ts'
import { Fault } from '../../../../invoker/faults/fault.ts'
import { SubjectStore } from '../../../../invoker/store/subjects.ts'
import { aLog } from '../../../support/a-log.ts'
import { FakeClock } from '../../../support/fake-clock.ts'
import { anImage, FakeImageAdmin } from '../../../support/fake-image-admin.ts'
import { type PouchDirectory, pouchDirectory } from '../../../support/pouch-directory.ts'
import { checkout } from '../../../support/run-program.ts'
import { type TempDirectory, tempDirectory } from '../../../support/temp-directory.ts'

/** Runs `warmwhisk image …`. */
async function image(args: readonly string[], env: Surroundings['env'] = {}) {
  const [printed, complained]: [string[], string[]] = [[], []]
  const around: Surroundings = {
    root: checkout,
    env,
    signals: new EventEmitter(),
    print: (text) => printed.push(text),
    complain: (text) => complained.push(text),
  }
  const code = await runLine(['image', ...args], { commands: commandsFor({ ...programs, image: runImage }), around })
  return { code, printed: printed.join('\n'), complained: complained.join('\n') }
}

describe('warmwhisk image, with a standalone server', () => {
  let directory: PouchDirectory
  let socket: AdminSocket
  let images: FakeImageAdmin
  const log = aLog()
  const here = (...args: readonly string[]) => image([...args, '--data-dir', directory.path])

  beforeEach(async () => {
    directory = await pouchDirectory()
    images = new FakeImageAdmin()
    images.images = [anImage('a'), anImage('ab')]
    const subjects = new SubjectStore({ subjects: directory.databases.subjects, clock: new FakeClock() })
    socket = new AdminSocket({ dataDir: directory.path, subjects, log })
    await socket.start()
    socket.mount('/images', imageApp({ images, log }))
  })

  afterEach(async () => {
    await socket.stop(AbortSignal.timeout(1000))
    await directory.stop()
  })

  it('lists, as a table or as JSON', async () => {
    const table = await here('list')
    expect(table).to.include({ code: 0, complained: '' })
    expect(table.printed).to.match(/^ID .*\naaaaaaaaaaaa .*\nabababababab /)
    expect(JSON.parse((await here('list', '--json')).printed)).to.deep.equal(images.images)
  })

  it('shows and removes by the beginning of an id', async () => {
    expect((await here('show', 'aba')).printed).to.contain(`id             ${'ab'.repeat(32)}`)
    expect((await here('remove', 'aba')).printed).to.match(/^Removed abababababab /)
    expect(images.images).to.have.length(1)
  })

  it('says when an id is unknown, or the beginning of several', async () => {
    expect(await here('show', 'c')).to.deep.equal({
      code: 1,
      printed: '',
      complained: 'Cannot find the dependency image: there is none whose id begins with "c"',
    })
    expect((await here('remove', 'a')).complained).to.contain('"a" is the beginning of 2 ids')
  })

  it('builds, tells how it goes on, and prints what came of it', async () => {
    images.steps = [
      { done: 0, total: 2, now: 'importing numpy' },
      { done: 1, total: 2, now: 'importing pandas' },
    ]
    expect(await here('build', '--kind', 'python:3', 'numpy', 'pandas')).to.deep.equal({
      code: 0,
      printed: 'Built bbbbbbbbbbbb (python:3, fork, 45.3 MB): numpy==1.24.2 pandas==1.5.3',
      complained: '0 of 2: importing numpy\n1 of 2: importing pandas',
    })
    expect(images.asked).to.deep.equal([{ kind: 'python:3', packages: ['numpy', 'pandas'] }])
    const built = await here('build', '--json', '--modules', '-k', 'python:3', 'numpy.linalg')
    expect(JSON.parse(built.printed)).to.deep.equal(anImage('b'))
    expect(images.asked[1]).to.deep.equal({ kind: 'python:3', modules: ['numpy.linalg'] })
  })

  it('says why a build fails, before it begins or after', async () => {
    images.outcome = () => Promise.reject(new Fault('IMAGE_UNSUITABLE', 'it starts threads'))
    for (const steps of [[], [{ done: 0, total: 1, now: 'importing x' }]]) {
      images.steps = steps
      const { code, complained } = await here('build', '--kind', 'python:3', 'x')
      expect(code).to.equal(1)
      expect(complained).to.contain('Cannot make a dependency image of these packages: it starts threads')
    }
  })

  it('advises', async () => {
    expect((await here('advise')).printed).to.contain('Images take 0.0 MB of 512 MB.')
    expect(JSON.parse((await here('advise', '--json')).printed)).to.deep.equal(images.advice)
  })

  it('says that images are off', async () => {
    socket.mount('/images', imageApp({ log }))
    expect(await here('list')).to.include({
      code: 1,
      complained: 'Cannot use dependency images: they are off on this invoker',
    })
  })

  it('exits with 2 where the line is wrong, and asks nobody', async () => {
    for (const args of [['lst'], ['show', 'numpy'], ['build', 'numpy'], ['list', '--jsn'], ['list', '--url', 'host']]) {
      expect(await here(...args), args.join(' ')).to.include({ code: 2, printed: '' })
    }
    expect(images.asked).to.deep.equal([])
  })
})

describe('warmwhisk image, without a server', () => {
  let directory: TempDirectory

  beforeEach(async () => {
    directory = await tempDirectory()
  })

  afterEach(() => directory.remove())

  it('says how to start one', async () => {
    const { code, complained } = await image(['list', '--data-dir', directory.path])
    expect(code).to.equal(1)
    expect(complained).to.contain(`none runs on the data directory "${directory.path}"`).and.to.contain('"npm start"')
  })
})

describe('warmwhisk image, with a drop-in invoker', () => {
  let server: AdminServer
  const credentials = { username: 'operator', password: 'se:cret' }
  const env = { WARMWHISK_INVOKER_USERNAME: 'operator', WARMWHISK_INVOKER_PASSWORD: 'se:cret' }
  const there = (env: Surroundings['env'], ...args: readonly string[]) =>
    image([...args, '--url', `http://127.0.0.1:${server.port}`], env)

  beforeEach(async () => {
    const images = new FakeImageAdmin()
    images.images = [anImage('a')]
    images.steps = [{ done: 0, total: 1, now: 'importing numpy' }]
    const invoker = { isEnabled: true, enable: async () => undefined, disable: async () => undefined }
    const metrics = { contentType: 'text/plain', text: async () => '' }
    const app = adminApp({ name: 'invoker0', credentials, invoker, metrics, images: { images, log: aLog() } })
    server = await listen(app, { host: '127.0.0.1', port: 0 })
  })

  afterEach(() => server.stop(AbortSignal.timeout(1000)))

  it('uses the credentials of the settings', async () => {
    expect((await there(env, 'list')).printed).to.contain('aaaaaaaaaaaa')
    expect((await there(env, 'build', '--kind', 'python:3', 'numpy')).printed).to.match(/^Built bbbb/)
  })

  it('says which settings name others than those of the invoker', async () => {
    const { code, complained } = await there({}, 'list')
    expect(code).to.equal(1)
    expect(complained).to.contain('it refuses user "invoker.user"').and.to.contain('invoker.password')
  })

  it('says when nobody answers there', async () => {
    const url = `http://127.0.0.1:${server.port}`
    await server.stop(AbortSignal.timeout(1000))
    const { code, complained } = await image(['list', '--url', url])
    expect(code).to.equal(1)
    expect(complained).to.match(/^Cannot reach an invoker at "http:\/\/127\.0\.0\.1:\d+": .*ECONNREFUSED/)
    server = await listen((_request, response) => response.end(), { host: '127.0.0.1', port: 0 })
  })
})

describe('warmwhisk image, with a server that is none of ours', () => {
  async function answered(listener: RequestListener, ...args: readonly string[]) {
    const server = createServer(listener).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { readonly port: number }
    try {
      return await image([...args, '--url', `http://127.0.0.1:${port}`])
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }

  it('says that it cannot read the answer', async () => {
    const page: RequestListener = (_request, response) => response.writeHead(502).end('<h1>Bad gateway</h1>')
    expect(await answered(page, 'list')).to.include({
      code: 1,
      complained: "Cannot read the server's answer: <h1>Bad gateway</h1>",
    })
  })

  it('says when the server ends while it builds', async () => {
    const dying: RequestListener = (request, response) => {
      response.write('{"progress":{"done":0,"total":1,"now":"importing numpy"}}\n', () => request.socket.destroy())
    }
    expect(await answered(dying, 'build', '--kind', 'python:3', 'numpy')).to.deep.equal({
      code: 1,
      printed: '',
      complained: '0 of 1: importing numpy\nCannot say how the build ended: the server stopped while it built',
    })
  })
})
