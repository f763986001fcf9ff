import { expect } from 'chai'
import { Blacklist } from '../../../invoker/store/blacklist.ts'
import { SubjectStore } from '../../../invoker/store/subjects.ts'
import { aLog } from '../../support/a-log.ts'
import { countingStore } from '../../support/counting-store.ts'
import { eventually } from '../../support/eventually.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { type PouchDirectory, pouchDirectory } from '../../support/pouch-directory.ts'

describe('Blacklist', () => {
  let directory: PouchDirectory
  const clock = new FakeClock()

  before(async () => {
    directory = await pouchDirectory()
  })

  after(() => directory.stop())

  it('has namespaces without a limit left and those of blocked subjects, and keeps up', async () => {
    const documents = directory.databases.subjects
    const subjects = new SubjectStore({ subjects: documents, clock })
    await subjects.create({ subject: 'rogue', namespace: 'theirs' })
    await subjects.setBlocked('rogue', true)
    await subjects.create({ subject: 'honest' })
    await subjects.setLimits('quiet', { invocationsPerMinute: 0 })
    await subjects.setLimits('still', { concurrentInvocations: 0 })
    await subjects.setLimits('busy', { concurrentInvocations: 1, firesPerMinute: 0 })
    const blacklist = new Blacklist({ subjects: documents, clock, log: aLog() })
    await blacklist.start()
    const names = ['theirs', 'rogue', 'honest', 'quiet', 'still', 'busy']
    expect(names.filter((name) => blacklist.has(name))).to.deep.equal(['theirs', 'quiet', 'still'])

    await subjects.setBlocked('rogue', false)
    await eventually('the namespace is let in again', async () => {
      clock.pass(300_000)
      return !blacklist.has('theirs')
    })
    await blacklist.stop()
    expect(clock.timers).to.equal(0)
  })

  it('keeps what it knows while the store is away, and says so', async () => {
    let isAway = false
    const { store } = countingStore(directory.databases.subjects, {
      view: (...query) => (isAway ? Promise.reject(new Error('away')) : directory.databases.subjects.view(...query)),
    })
    const log = aLog()
    const blacklist = new Blacklist({ subjects: store, clock, log })
    await blacklist.start()
    isAway = true
    clock.pass(300_000)
    await eventually('the failure is logged', () => log.lines.length > 0)
    expect(blacklist.has('quiet')).to.equal(true)
    await blacklist.stop()
  })
})
