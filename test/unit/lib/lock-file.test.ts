import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { expect } from 'chai'
import { type HeldLock, lockFile, type TakenLock } from '../../../invoker/lib/lock-file.ts'
import { type TempDirectory, tempDirectory } from '../../support/temp-directory.ts'

describe('lockFile()', () => {
  let directory: TempDirectory
  let file: string

  beforeEach(async () => {
    directory = await tempDirectory()
    file = path.join(directory.path, 'lock')
  })
  afterEach(() => directory.remove())

  it('gives a lock to one, and to the next after its release', () => {
    held(lockFile(file)).release()
    const second = held(lockFile(file))
    expect(lockFile(file)).to.deep.equal({ holder: `process ${process.pid}` })
    second.release()
  })

  it('is free again when the process that had it was killed', async () => {
    const holder = spawn('flock', ['--no-fork', file, 'sh', '-c', 'echo held; exec sleep 600'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await once(holder.stdout, 'data')
    expect(lockFile(file)).to.deep.equal({ holder: 'another process' })
    holder.kill('SIGKILL')
    await once(holder, 'close')
    held(lockFile(file)).release()
  })

  it('says what is wrong with a place where no file can be', () => {
    expect(() => lockFile(path.join(directory.path, 'missing', 'lock'))).to.throw(/ENOENT/)
  })
})

function held(lock: HeldLock | TakenLock): HeldLock {
  if ('holder' in lock) throw new Error(`the lock is held by ${lock.holder}`)
  return lock
}
