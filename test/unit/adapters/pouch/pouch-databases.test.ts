import { randomBytes } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { openPouchDatabases, type PouchDatabases } from '../../../../invoker/adapters/pouch/pouch-databases.ts'
import { faultOf } from '../../../support/fault-of.ts'
import { type TempDirectory, tempDirectory } from '../../../support/temp-directory.ts'

const soon = (): AbortSignal => AbortSignal.timeout(5000)

describe('openPouchDatabases()', () => {
  let directory: TempDirectory
  let databases: PouchDatabases
  const files = (): string => join(directory.path, 'whisks-attachments')

  beforeEach(async () => {
    directory = await tempDirectory()
    databases = await openPouchDatabases({ directory: directory.path })
  })

  afterEach(async () => {
    await databases.stop(soon())
    await directory.remove()
  })

  const reopen = async (): Promise<void> => {
    await databases.stop(soon())
    databases = await openPouchDatabases({ directory: directory.path })
  }

  it('keeps everything for the next start', async () => {
    const revision = await databases.whisks.put({ _id: 'guest/x' })
    await databases.whisks.attach('guest/x', revision, { name: 'a', contentType: 't/t', data: Buffer.from('code') })
    await reopen()
    expect((await databases.whisks.attachment('guest/x', 'a'))?.toString()).to.equal('code')
  })

  it('refuses a second opener, and says who has the directory and what to do', async () => {
    const fault = await faultOf(openPouchDatabases({ directory: directory.path }))
    expect(fault.code).to.equal('STORE_BUSY')
    expect(fault.message).to.equal(
      `Cannot open the data directory: "${directory.path}" is in use by process ${process.pid}: stop it, or choose another data directory`,
    )
    expect(await databases.whisks.get('x')).to.equal(undefined)
  })

  it('takes the directory of a process that has ended, even if its number lives again', async () => {
    await databases.stop(soon())
    for (const holder of ['process 999999999', `process ${process.pid}`, '']) {
      await writeFile(join(directory.path, 'store.lock'), holder)
      databases = await openPouchDatabases({ directory: directory.path })
      expect(await readFile(join(directory.path, 'store.lock'), 'utf8')).to.equal(`process ${process.pid}\n`)
      await databases.stop(soon())
    }
    databases = await openPouchDatabases({ directory: directory.path })
  })

  it('keeps others of the machine out', async () => {
    expect((await stat(join(directory.path, 'store.lock'))).mode & 0o777).to.equal(0o600)
  })

  it('never lets big code into LevelDB', async () => {
    const data = randomBytes(8 * 1024 * 1024)
    const revision = await databases.whisks.put({ _id: 'guest/big' })
    await databases.whisks.attach('guest/big', revision, { name: 'a', contentType: 't/t', data })
    const sizes = await Promise.all(
      (await readdir(join(directory.path, 'whisks'))).map(
        async (name) => (await stat(join(directory.path, 'whisks', name))).size,
      ),
    )
    expect(sizes.reduce((sum, size) => sum + size, 0)).to.be.lessThan(100_000)
    expect(await readdir(files())).to.have.lengthOf(1)
  })

  it('removes the file with the last document that needs it', async () => {
    const attach = async (id: string, data: string): Promise<string> => {
      const revision = await databases.whisks.put({ _id: id })
      return databases.whisks.attach(id, revision, { name: 'a', contentType: 't/t', data: Buffer.from(data) })
    }
    const one = await attach('guest/one', 'same')
    const two = await attach('guest/two', 'same')
    expect(await readdir(files())).to.have.lengthOf(1)
    await databases.whisks.remove('guest/one', one)
    expect((await databases.whisks.attachment('guest/two', 'a'))?.toString()).to.equal('same')
    const three = await databases.whisks.attach('guest/two', two, {
      name: 'a',
      contentType: 't/t',
      data: Buffer.from('new'),
    })
    expect(await readdir(files())).to.have.lengthOf(1)
    await databases.whisks.put({ _id: 'guest/two', _rev: three })
    expect(await readdir(files())).to.deep.equal([])
  })

  it('leaves no file behind an attachment that was refused', async () => {
    const attachment = { name: 'a', contentType: 't/t', data: Buffer.from('x') }
    const stale = databases.whisks.attach('guest/none', '1-0', attachment)
    expect((await faultOf(stale)).code).to.equal('DOCUMENT_CONFLICT')
    expect(await readdir(files())).to.deep.equal([])
  })

  it('sweeps at the start what a crash has left, and nothing else', async () => {
    const revision = await databases.whisks.put({ _id: 'guest/x' })
    await databases.whisks.attach('guest/x', revision, { name: 'a', contentType: 't/t', data: Buffer.from('code') })
    await writeFile(join(files(), '0'.repeat(64)), 'orphan')
    await writeFile(join(files(), 'draft.part'), 'half')
    await reopen()
    expect(await readdir(files())).to.have.lengthOf(1)
    expect((await databases.whisks.attachment('guest/x', 'a'))?.toString()).to.equal('code')
  })

  it('refuses a stub of an attachment that is not there', async () => {
    const revision = await databases.whisks.put({ _id: 'guest/x' })
    const put = databases.whisks.put({ _id: 'guest/x', _rev: revision, _attachments: { a: { stub: true } } })
    expect((await faultOf(put)).code).to.equal('STORE_REFUSED')
  })

  it('refuses a document that no CouchDB would take', async () => {
    expect((await faultOf(databases.whisks.put({ _id: '_odd' }))).code).to.equal('STORE_REFUSED')
    expect((await faultOf(databases.whisks.put({ _id: 'x', _mine: 1 }))).code).to.equal('STORE_REFUSED')
  })

  it('refuses a write that would eat the reserve, before LevelDB is asked', async () => {
    await databases.stop(soon())
    databases = await openPouchDatabases({ directory: directory.path, reserveBytes: 2 ** 50 })
    for (const write of [databases.whisks.put({ _id: 'x' }), databases.activations.bulk([{ _id: 'y' }])]) {
      const fault = await faultOf(write)
      expect([fault.code, fault.message.includes(directory.path)]).to.deep.equal(['STORE_FULL', true])
    }
  })
})
