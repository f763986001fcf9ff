import type { SubjectStore } from '../../invoker/store/subjects.ts'
import { askServer } from './admin-client.ts'
import { runUserWords } from './user-command.ts'

/** Around `warmwhisk user`: where the data are, how to open them when no server has them open, where to write. */
export interface UserCommandContext {
  readonly dataDir: string
  readonly openSubjects: () => Promise<{ readonly subjects: SubjectStore; close(): Promise<void> }>
  readonly print: (line: string) => void
  readonly complain: (line: string) => void
}

/**
 * Runs the words behind `warmwhisk user`: through the running server when there is one, for LevelDB admits one process, else on
 * the opened store. Gives the exit code.
 */
export async function runUserCommand(
  words: readonly string[],
  { dataDir, openSubjects, print, complain }: UserCommandContext,
): Promise<number> {
  const answer = (await askServer(dataDir, words)) ?? (await alone(words, openSubjects))
  for (const line of answer.print) print(line)
  for (const line of answer.complain) complain(line)
  return answer.exitCode
}

async function alone(
  words: readonly string[],
  openSubjects: UserCommandContext['openSubjects'],
): ReturnType<typeof runUserWords> {
  const { subjects, close } = await openSubjects()
  try {
    return await runUserWords(words, subjects)
  } finally {
    await close()
  }
}
