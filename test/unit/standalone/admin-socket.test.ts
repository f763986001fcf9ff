import { once } from 'node:events'
import { stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import { callServer } from '../../../deploy/standalone/admin-client.ts'
import { AdminSocket, adminSocketPath } from '../../../deploy/standalone/admin-socket.ts'
import { runUserCommand, type UserCommandContext } from '../../../deploy/standalone/run-user-command.ts'
import { SubjectStore } from '../../../invoker/store/subjects.ts'
import { aLog } from '../../support/a-log.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { type PouchDirectory, pouchDirectory } from '../../support/pouch-directory.ts'

describe('the admin socket', () => {
  let directory: PouchDirectory
  let subjects: SubjectStore
  let socket: AdminSocket
  const printed: string[] = []
  const log = aLog()

  const run = (line: string, openSubjects: UserCommandContext['openSubjects'] = neverOpened): Promise<number> => {
    const print = (text: string): void => void printed.push(text)
    return runUserCommand(line.split(' '), { dataDir: directory.path, openSubjects, print, complain: print })
  }
  const neverOpened = (): Promise<never> => Promise.reject(new Error('the store is open already'))

  beforeEach(async () => {
    printed.length = 0
    directory = await pouchDirectory()
    subjects = new SubjectStore({ subjects: directory.databases.subjects, clock: new FakeClock() })
    socket = new AdminSocket({ dataDir: directory.path, subjects, log })
    // What a killed server left behind is no obstacle.
    await writeFile(adminSocketPath(directory.path), '')
    await socket.start()
    isListening = true
  })

  let isListening = false
  const stopSocket = async (): Promise<void> => {
    if (isListening) await socket.stop(AbortSignal.timeout(1_000))
    isListening = false
  }

  afterEach(async () => {
    await stopSocket()
    await directory.stop()
  })

  it('carries commands to the running server, which alone has the store open', async () => {
    expect(await run('create someone')).to.equal(0)
    const [key = ''] = printed
    expect(await subjects.byKey(key.slice(0, 36), key.slice(37))).to.have.property('subject', 'someone')
    expect(await run('create someone')).to.equal(1)
  })

  it('may be opened by its own user only', async () => {
    expect((await stat(adminSocketPath(directory.path))).mode & 0o777).to.equal(0o600)
  })

  it('is gone with the server: commands then open the store themselves', async () => {
    await stopSocket()
    let closed = 0
    const close = async (): Promise<void> => {
      closed += 1
    }
    const open = async () => ({ subjects, close })
    expect(await run('create someone', open)).to.equal(0)
    expect(await run('create someone', open)).to.equal(1)
    expect(closed).to.equal(2)
  })

  it('answers nonsense with an error and goes on', async () => {
    const post = async (path: string, body: string): Promise<number | undefined> => {
      const call = request({ socketPath: adminSocketPath(directory.path), path, method: 'POST' })
      call.end(body)
      const [response] = await once(call, 'response')
      response.resume()
      return response.statusCode
    }
    expect(await post('/user', 'nonsense')).to.equal(500)
    expect(await post('/user', '{}')).to.equal(500)
    expect(await post('/other', '{}')).to.equal(404)
    expect(await run('create someone')).to.equal(0)
  })

  it('lets others answer below the folder that they are mounted at, and nowhere else', async () => {
    socket.mount('/echo', (asked, response) => response.end(asked.url))
    const get = async (path: string): Promise<string> => {
      const response = await callServer(directory.path, { method: 'GET', path })
      return response === undefined ? '' : await text(response)
    }
    expect(await get('/echo')).to.equal('/echo')
    expect(await get('/echo/a?b=1')).to.equal('/echo/a?b=1')
    for (const path of ['/echoes', '/', '/user/echo']) expect(await get(path)).to.contain('Unknown command')
  })

  it('refuses a data directory whose name is too long for a socket', async () => {
    const dataDir = `/tmp/${'x'.repeat(100)}`
    expect(() => new AdminSocket({ dataDir, subjects, log })).to.throw(/a socket's name of \d+ bytes: 107 are allowed/)
  })
})
