import { expect } from 'chai'
import type { Journal } from '../../invoker/ports/journal.ts'

/** How the suite gets at a journal. */
export interface JournalHarness {
  readonly journal: Journal
  /** The journal that the next process finds. The one before was killed: it is not stopped in order. */
  restarted(): Promise<JournalHarness>
  close(): Promise<void>
}

const id = '0f6b3d2c9a8e4f71b5d0c2e8a7f61234'
const other = '77e1a8e0b6c94f5da1e8a0b6c9df5d42'
const started = { step: 'started', ackTopic: 'completed0', ackOffset: '12', offset: '5' } as const

/** What every {@link Journal} does. */
export function journalContract(name: string, open: () => Promise<JournalHarness>): void {
  describe(`${name} as a Journal`, () => {
    let now: JournalHarness

    beforeEach(async () => {
      now = await open()
    })
    afterEach(() => now.close())

    const restart = async (): Promise<Journal> => {
      now = await now.restarted()
      return now.journal
    }

    it('begins with nothing', () => {
      expect(now.journal.pending().size).to.equal(0)
      expect(now.journal.wasDone(id)).to.equal(false)
    })

    it('tells after a restart what had started, and where to look for its ack', async () => {
      now.journal.note(id, started)
      const journal = await restart()
      const entry = journal.pending().get(id)
      expect(entry).to.deep.include({ activationId: id, ackTopic: 'completed0', ackOffset: '12' })
      expect(entry?.record).to.equal(undefined)
    })

    it('gives back the record of what had finished', async () => {
      const record = {
        activationId: id,
        logs: ['a line\nand another', 'ünï ☃'],
        response: { result: { 'a b': [1, null] } },
      }
      now.journal.note(id, started)
      now.journal.note(id, { step: 'finished', record })
      expect((await restart()).pending().get(id)?.record).to.deep.equal(record)
    })

    it('has nothing pending of what is done, and knows it by name', async () => {
      now.journal.note(id, started)
      now.journal.note(other, { ...started, offset: '6' })
      now.journal.note(id, { step: 'finished', record: {} })
      now.journal.note(id, { step: 'done' })
      now.journal.committed('1')
      const journal = await restart()
      expect([...journal.pending().keys()]).to.deep.equal([other])
      expect(journal.wasDone(id)).to.equal(true)
      expect(journal.wasDone(other)).to.equal(false)
    })

    it('keeps what is pending over several restarts, until it is done', async () => {
      now.journal.note(id, started)
      await restart()
      const second = await restart()
      expect(second.pending().has(id)).to.equal(true)
      second.note(id, { step: 'done' })
      expect(second.pending().has(id), 'pending() is as found at the start').to.equal(true)
      second.committed('1')
      const third = await restart()
      expect(third.pending().size).to.equal(0)
      expect(third.wasDone(id)).to.equal(true)
    })

    it('starts again what was done, if it must', async () => {
      now.journal.note(id, started)
      now.journal.note(id, { step: 'done' })
      now.journal.note(id, { ...started, ackOffset: '99' })
      expect((await restart()).pending().get(id)).to.deep.include({ ackOffset: '99' })
    })
  })
}
