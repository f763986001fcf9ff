import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from 'chai'
import { openPouchDatabases } from '../../invoker/adapters/pouch/pouch-databases.ts'
import { faultOf } from '../support/fault-of.ts'
import { tempDirectory } from '../support/temp-directory.ts'

const script = new URL('../support/store-writer.ts', import.meta.url).pathname

describe('The embedded store and a process that is killed', () => {
  it('is its alone while it lives, and has everything that it took after it was killed', async () => {
    const directory = await tempDirectory()
    const writer = spawn(process.execPath, ['--import', 'tsx', script, directory.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const taken: number[] = []
    const lines = createInterface(writer.stdout)
    lines.on('line', (line) => taken.push(Number(line)))
    while (taken.length < 20) await once(lines, 'line')

    const fault = await faultOf(openPouchDatabases({ directory: directory.path }))
    expect(fault.code).to.equal('STORE_BUSY')
    expect(fault.message).to.contain(`in use by process ${writer.pid}`)
    // LevelDB's own lock is what is left between processes that cannot see each other's numbers.
    await unlink(join(directory.path, 'store.lock'))
    expect((await faultOf(openPouchDatabases({ directory: directory.path }))).code).to.equal('STORE_BUSY')

    writer.kill('SIGKILL')
    await once(writer, 'close')
    const databases = await openPouchDatabases({ directory: directory.path })
    for (const n of taken) {
      expect((await databases.whisks.attachment(`doc/${n}`, 'a'))?.toString()).to.equal(`code ${n}`)
      expect(await databases.activations.get(`record/${n}`)).to.include({ _id: `record/${n}` })
    }
    const files = await readdir(join(directory.path, 'whisks-attachments'))
    expect(files.length).to.be.within(taken.length, taken.length + 1)
    expect(files.every((name) => /^[0-9a-f]{64}$/.test(name))).to.equal(true)
    await databases.stop(AbortSignal.timeout(5000))
    await directory.remove()
  })
})
