import { expect } from 'chai'
import { ensureFirstUsers } from '../../../deploy/standalone/first-users.ts'
import { systemClock } from '../../../invoker/adapters/clock/system-clock.ts'
import { SubjectStore } from '../../../invoker/store/subjects.ts'
import { faultOf } from '../../support/fault-of.ts'
import { type PouchDirectory, pouchDirectory } from '../../support/pouch-directory.ts'

const wellKnown =
  '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:123zO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIwP'

describe('ensureFirstUsers()', () => {
  let directory: PouchDirectory
  let subjects: SubjectStore

  beforeEach(async () => {
    directory = await pouchDirectory()
    subjects = new SubjectStore({ subjects: directory.databases.subjects, clock: systemClock })
  })
  afterEach(() => directory.stop())

  for (const host of ['127.0.0.1', '127.8.8.8', 'localhost', '::1']) {
    it(`gives OpenWhisk's well-known keys on ${host}`, async () => {
      expect(await ensureFirstUsers(subjects, host)).to.equal(wellKnown)
      expect((await subjects.get('whisk.system'))?.namespaces).to.have.length(1)
    })
  }

  for (const host of ['0.0.0.0', '10.1.2.3', 'example.org', '::']) {
    it(`generates keys on ${host}, and keeps them`, async () => {
      const key = await ensureFirstUsers(subjects, host)
      expect(key)
        .to.match(/^[0-9a-f-]{36}:[A-Za-z0-9]{64}$/)
        .and.not.to.equal(wellKnown)
      expect(await ensureFirstUsers(subjects, host)).to.equal(key)
    })
  }

  it('refuses to be open to others with a well-known key, and says what to do', async () => {
    await ensureFirstUsers(subjects, '127.0.0.1')
    const fault = await faultOf(ensureFirstUsers(subjects, '0.0.0.0'))
    expect([fault.code, fault.message]).to.deep.equal([
      'SETTINGS_WRONG',
      'Cannot start: the API would listen on "0.0.0.0" while "guest" has OpenWhisk\'s well-known key: use another --data-dir, ' +
        'or give it a key of its own first: warmwhisk user delete guest, then warmwhisk user create guest',
    ])
  })
})
