import path from 'node:path'
import { systemClock } from '../../invoker/adapters/clock/system-clock.ts'
import { openPouchDatabases } from '../../invoker/adapters/pouch/pouch-databases.ts'
import type { Config } from '../../invoker/config/read-config.ts'
import { ensureDesigns } from '../../invoker/store/design/ensure.ts'
import { designNames } from '../../invoker/store/design/names.ts'
import { SubjectStore } from '../../invoker/store/subjects.ts'
import { runUserCommand } from '../standalone/run-user-command.ts'
import type { Surroundings } from './command.ts'

/** `warmwhisk user`: the words behind it, for the running server or, when none runs, on its store. */
export function runUser(words: readonly string[], config: Config, around: Surroundings): Promise<number> {
  const { dataDir } = config.store
  const { print, complain } = around
  return runUserCommand(words, { dataDir, openSubjects: () => openSubjects(dataDir), print, complain })
}

async function openSubjects(dataDir: string): Promise<{ subjects: SubjectStore; close(): Promise<void> }> {
  const databases = await openPouchDatabases({ directory: path.join(dataDir, 'store') })
  await ensureDesigns(databases, designNames)
  return {
    subjects: new SubjectStore({ subjects: databases.subjects, clock: systemClock }),
    close: () => databases.stop(AbortSignal.timeout(10_000)),
  }
}
