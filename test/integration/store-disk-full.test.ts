import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { openPouchDatabases, type PouchDatabases } from '../../invoker/adapters/pouch/pouch-databases.ts'
import { isFault } from '../../invoker/faults/fault.ts'
import type { DocumentStore } from '../../invoker/ports/documents.ts'
import { ensureDesigns } from '../../invoker/store/design/ensure.ts'
import { designNames } from '../../invoker/store/design/names.ts'
import { faultOf } from '../support/fault-of.ts'
import { type TempDirectory, tempDirectory } from '../support/temp-directory.ts'

const MiB = 1024 * 1024

/** 16,000 characters that do not compress. */
const filling = (): string => randomBytes(12_000).toString('base64')

describe('A full disk under the embedded store', () => {
  let mount: TempDirectory
  let databases: PouchDatabases | undefined

  before(async function () {
    if (process.getuid?.() !== 0) {
      console.log('skipped: only root may mount a small file system')
      this.skip()
    }
    mount = await tempDirectory()
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=192m', 'tmpfs', mount.path])
    expect(mounted.status, String(mounted.stderr)).to.equal(0)
  })

  after(async () => {
    if (mount === undefined) return
    spawnSync('umount', [mount.path])
    await mount.remove()
  })

  const open = async (reserveBytes: number): Promise<void> => {
    databases = await openPouchDatabases({ directory: join(mount.path, 'data'), reserveBytes })
    await ensureDesigns(databases, designNames)
  }

  const close = async (): Promise<void> => {
    await databases?.stop(AbortSignal.timeout(5000))
    databases = undefined
  }
  const store = (): DocumentStore => {
    if (databases === undefined) throw new Error('The databases are closed')
    return databases.whisks
  }

  afterEach(async () => {
    await close()
    await makeRoom()
  })

  /** Fills the file system with something else, to the last byte but `leaveBytes`. */
  const fill = async (leaveBytes: number): Promise<void> => {
    const { bavail, bsize } = await statfs(mount.path)
    await writeFile(join(mount.path, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes)))
  }
  const makeRoom = (): Promise<void> => rm(join(mount.path, 'filler'), { force: true })

  /** Writes documents until one is refused; gives those that were taken. */
  const writeUntilRefused = async (prefix: string): Promise<{ readonly taken: string[]; readonly code: string }> => {
    const taken: string[] = []
    for (let n = 0; n < 2000; n += 1) {
      const _id = `${prefix}/${n}`
      try {
        await store().put({ _id, filling: filling() })
        taken.push(_id)
      } catch (error) {
        if (isFault(error)) return { taken, code: error.code }
        throw error
      }
    }
    return { taken, code: 'none' }
  }

  const expectAll = async (ids: readonly string[]): Promise<void> => {
    for (const id of ids)
      expect(await store().get(id), id)
        .to.have.property('filling')
        .that.has.lengthOf(16_000)
  }

  it('is refused in time, reading goes on, and so does writing when there is room', async () => {
    await open(64 * MiB)
    await fill(72 * MiB)
    const { taken, code } = await writeUntilRefused('reserve')
    expect(code).to.equal('STORE_FULL')
    expect(taken.length).to.be.greaterThan(20)
    await expectAll(taken)
    expect(await store().view(designNames.actions, 'actions', {})).to.deep.equal([])
    const revision = (await store().get('reserve/0'))?._rev ?? ''
    const data = Buffer.alloc(80 * MiB)
    const fault = await faultOf(store().attach('reserve/0', revision, { name: 'a', contentType: 't/t', data }))
    expect(fault.code).to.equal('STORE_FULL')

    await makeRoom()
    expect(await store().put({ _id: 'reserve/after' })).to.match(/^1-/)
    await close()
    await open(64 * MiB)
    await expectAll(taken)
    await close()
  })

  it('tears nothing where it came without warning: what was taken is there after the next start', async () => {
    await open(0)
    await fill(3 * MiB)
    const { taken, code } = await writeUntilRefused('torn')
    expect(code).to.equal('STORE_FULL')
    // More of the same: nothing may be taken that the next start would not find.
    const more = await writeUntilRefused('torn-more')
    expect(more.code).to.equal('STORE_FULL')
    await makeRoom()
    const again: string[] = []
    for (let n = 0; n < 20; n += 1) {
      const _id = `healed/${n}`
      await store().put({ _id, filling: filling() })
      again.push(_id)
    }
    await expectAll([...taken, ...more.taken, ...again])
    await close()
    await open(0)
    await expectAll([...taken, ...more.taken, ...again])
    await close()
  })
})
