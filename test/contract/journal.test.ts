import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { FileJournal } from '../../invoker/adapters/journal/file-journal.ts'
import { aLog } from '../support/a-log.ts'
import { FakeJournal } from '../support/fake-journal.ts'
import { tempDirectory } from '../support/temp-directory.ts'
import { type JournalHarness, journalContract } from './journal.contract.ts'

function fake(journal: FakeJournal): JournalHarness {
  return { journal, restarted: async () => fake(journal.restarted()), close: () => journal.stop() }
}

function inDirectory(directory: { path: string; remove(): Promise<void> }, isSynced: boolean): JournalHarness {
  const journal = new FileJournal({ directory: directory.path, isSynced, log: aLog() })
  return {
    journal,
    restarted: async () => {
      // Stopping lets go of the directory, as a kill does; what it would still write, a kill loses.
      const file = path.join(directory.path, 'journal')
      const atKill = readFileSync(file)
      await journal.stop()
      writeFileSync(file, atKill)
      return inDirectory(directory, isSynced)
    },
    close: async () => {
      await journal.stop()
      await directory.remove()
    },
  }
}

journalContract('FakeJournal', async () => fake(new FakeJournal()))
journalContract('FileJournal', async () => inDirectory(await tempDirectory(), false))
journalContract('FileJournal that is synced', async () => inDirectory(await tempDirectory(), true))
