import { FakeJournal } from '../support/fake-journal.ts'
import { type JournalHarness, journalContract } from './journal.contract.ts'

function harness(journal: FakeJournal): JournalHarness {
  return {
    journal,
    restarted: async () => harness(journal.restarted()),
    close: () => journal.stop(),
  }
}

journalContract('FakeJournal', async () => harness(new FakeJournal()))
