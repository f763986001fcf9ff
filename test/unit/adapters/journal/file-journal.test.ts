import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { FileJournal } from '../../../../invoker/adapters/journal/file-journal.ts'
import { isFault } from '../../../../invoker/faults/fault.ts'
import { aLog } from '../../../support/a-log.ts'
import { type TempDirectory, tempDirectory } from '../../../support/temp-directory.ts'

const idOf = (n: number) => n.toString(16).padStart(32, '0')
const at = (offset: number) =>
  ({ step: 'started', ackTopic: 'completed0', ackOffset: '0', offset: String(offset) }) as const

describe('FileJournal', () => {
  let directory: TempDirectory
  let open: FileJournal[] = []

  beforeEach(async () => {
    directory = await tempDirectory()
  })
  afterEach(async () => {
    for (const journal of open) await journal.stop()
    open = []
    await directory.remove()
  })

  const file = () => path.join(directory.path, 'journal')
  function aJournal(more: { log?: ReturnType<typeof aLog>; compactAboveBytes?: number } = {}): FileJournal {
    const journal = new FileJournal({ directory: directory.path, isSynced: false, log: aLog(), ...more })
    open.push(journal)
    return journal
  }
  async function restart(log = aLog()): Promise<FileJournal> {
    await open.pop()?.stop()
    return aJournal({ log })
  }

  it('forgets what is done when its message cannot come again', async () => {
    const journal = aJournal()
    for (const n of [1, 2]) {
      journal.note(idOf(n), at(n))
      journal.note(idOf(n), { step: 'done' })
    }
    journal.committed('2')
    expect([1, 2].map((n) => journal.wasDone(idOf(n)))).to.deep.equal([false, true])
    const next = await restart()
    expect([1, 2].map((n) => next.wasDone(idOf(n)))).to.deep.equal([false, true])
  })

  it('writes what is done with the next note, or at its end', async () => {
    const journal = aJournal()
    const lines = () => readFileSync(file(), 'utf8').split('\n').length
    journal.note(idOf(1), at(1))
    journal.note(idOf(2), at(2))
    const before = lines()
    journal.note(idOf(1), { step: 'done' })
    expect(lines()).to.equal(before)
    journal.note(idOf(3), at(3))
    expect(lines()).to.equal(before + 2)
    journal.note(idOf(2), { step: 'done' })
    const next = await restart()
    expect([1, 2, 3].map((n) => next.wasDone(idOf(n)))).to.deep.equal([true, true, false])
  })

  it('forgets at once what is done and has no offset', async () => {
    const journal = aJournal()
    journal.note(idOf(1), { step: 'started', ackTopic: 'completed0', ackOffset: '0' })
    journal.note(idOf(1), { step: 'done' })
    expect(journal.wasDone(idOf(1))).to.equal(false)
    await restart()
    expect(readFileSync(file(), 'utf8').split('\n').length).to.equal(2)
  })

  it('stays small over many activations, and loses nothing of what is open', async () => {
    const journal = aJournal({ compactAboveBytes: 20_000 })
    journal.note(idOf(0), at(0))
    journal.note(idOf(0), { step: 'finished', record: { kept: true } })
    for (let n = 1; n <= 5000; n += 1) {
      journal.note(idOf(n), at(n))
      journal.note(idOf(n), { step: 'done' })
      journal.committed(String(n + 1))
    }
    expect(statSync(file()).size).to.be.lessThan(21_000)
    const next = await restart()
    expect([...next.pending().values()]).to.deep.equal([
      { activationId: idOf(0), ackTopic: 'completed0', ackOffset: '0', record: { kept: true } },
    ])
  })

  it('reads what a kill left, without the line that it cut', async () => {
    const journal = aJournal()
    journal.note(idOf(1), at(1))
    journal.note(idOf(2), at(2))
    truncateSync(file(), statSync(file()).size - 9)
    expect([...(await restart()).pending().keys()]).to.deep.equal([idOf(1)])
  })

  it('tells of lines that cannot be read, and goes on without them', async () => {
    const journal = aJournal()
    journal.note(idOf(1), at(1))
    journal.note(idOf(2), at(2))
    writeFileSync(file(), readFileSync(file(), 'utf8').replace(idOf(1), idOf(9)))
    appendFileSync(file(), 'garbage\n')
    const log = aLog()
    const next = await restart(log)
    expect([...next.pending().keys()]).to.deep.equal([idOf(2)])
    expect(log.lines.map(({ level, fields }) => [level, fields.count])).to.deep.equal([['error', 2]])
  })

  it('does not share its directory', async () => {
    aJournal()
    let error: unknown
    try {
      aJournal()
    } catch (caught) {
      error = caught
    }
    expect(isFault(error, 'STORE_BUSY')).to.equal(true)
    expect(String(error)).to.contain(`in use by process ${process.pid}`)
    await restart()
  })

  it('says so when its directory cannot be used', () => {
    writeFileSync(path.join(directory.path, 'a-file'), '')
    try {
      new FileJournal({ directory: path.join(directory.path, 'a-file'), isSynced: false, log: aLog() })
      expect.fail('no fault')
    } catch (error) {
      expect(isFault(error, 'STATE_UNWRITABLE')).to.equal(true)
    }
  })

  it('faults when the disk is full, and has every note whole that it took', async function () {
    const mount = path.join(directory.path, 'small')
    mkdirSync(mount)
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', mount]).status !== 0) {
      console.log('      skipped: only root can mount a small disk')
      return this.skip()
    }
    try {
      const journal = new FileJournal({ directory: mount, isSynced: false, log: aLog() })
      const taken: string[] = []
      let refused: unknown
      for (let n = 0; n < 1000 && refused === undefined; n += 1) {
        try {
          journal.note(idOf(n), at(n))
          taken.push(idOf(n))
        } catch (error) {
          refused = error
        }
      }
      expect(isFault(refused, 'STATE_UNWRITABLE')).to.equal(true)
      await journal.stop()
      const log = aLog()
      spawnSync('mount', ['-o', 'remount,size=256k', mount])
      const next = new FileJournal({ directory: mount, isSynced: false, log })
      expect([...next.pending().keys()]).to.deep.equal(taken)
      expect(log.lines).to.deep.equal([])
      await next.stop()
    } finally {
      spawnSync('umount', [mount])
    }
  })
})
