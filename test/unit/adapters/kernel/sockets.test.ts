import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect, Socket } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { openLibc } from '../../../../invoker/adapters/kernel/libc.ts'
import { listenUnix, makePipe } from '../../../../invoker/adapters/kernel/sockets.ts'
import { type TempDirectory, tempDirectory } from '../../../support/temp-directory.ts'

const libc = openLibc()
const CLOEXEC = 0o2000000

/** Whether a descriptor is closed on exec (proc(5): flags are octal). */
function isClosedOnExec(fd: number): boolean {
  const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0'
  return (Number.parseInt(flags, 8) & CLOEXEC) !== 0
}

describe('listenUnix()', () => {
  let folder: TempDirectory
  beforeEach(async () => {
    folder = await tempDirectory()
  })
  afterEach(() => folder.remove())

  it('listens before anybody accepts: a connection waits', async () => {
    const socket = listenUnix(libc, join(folder.path, 's'))
    const connection = connect(socket.path)
    await once(connection, 'connect')
    connection.destroy()
    socket.close()
  })

  it('is closed on exec unless it is passed on', () => {
    const socket = listenUnix(libc, join(folder.path, 's'))
    expect(isClosedOnExec(socket.fd)).to.equal(true)
    const kinds = execFileSync('/usr/bin/python3', ['-c', 'import os; print(os.stat(3).st_mode >> 12)'], {
      stdio: ['ignore', 'pipe', 'ignore', socket.fd],
      encoding: 'utf8',
    })
    expect(kinds.trim()).to.equal('12')
    socket.close()
  })

  it('removes its file when it is closed, and may be closed again', () => {
    const socket = listenUnix(libc, join(folder.path, 's'))
    socket.close()
    socket.close()
    expect(existsSync(socket.path)).to.equal(false)
  })

  it('refuses connections once it is released and nobody else has it', async () => {
    const socket = listenUnix(libc, join(folder.path, 's'))
    socket.release()
    const [error] = await once(connect(socket.path), 'error')
    expect(error.code).to.equal('ECONNREFUSED')
    socket.close()
  })

  it('says why it cannot: a taken path, a path that is too long, a folder that is missing', () => {
    const socket = listenUnix(libc, join(folder.path, 's'))
    expect(() => listenUnix(libc, socket.path)).to.throw('EADDRINUSE')
    expect(() => listenUnix(libc, join(folder.path, 'x'.repeat(108)))).to.throw('at most 108 fit')
    expect(() => listenUnix(libc, join(folder.path, 'missing/s'))).to.throw('ENOENT')
    socket.close()
  })
})

describe('makePipe()', () => {
  it('gives two ends that are closed on exec', async () => {
    const { readFd, writeFd } = makePipe(libc)
    expect([isClosedOnExec(readFd), isClosedOnExec(writeFd)]).to.deep.equal([true, true])
    const writer = new Socket({ fd: writeFd, readable: false, writable: true })
    const reader = new Socket({ fd: readFd, readable: true, writable: false })
    writer.end('through')
    const [bytes] = await once(reader, 'data')
    expect(bytes.toString()).to.equal('through')
    reader.destroy()
  })
})
