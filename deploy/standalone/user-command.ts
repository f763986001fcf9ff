import { isFault } from '../../invoker/faults/fault.ts'
import type { SubjectStore } from '../../invoker/store/subjects.ts'
import { readWords } from './user-words.ts'
import { type UserAnswer, userCommands } from './users.ts'

const usage = `Usage: warmwhisk user <command>
  create SUBJECT [-u UUID:KEY] [-ns NAMESPACE]   makes a subject, or gives it one more namespace; prints its key
  get SUBJECT [-ns NAMESPACE] [--all]            prints its key
  list NAMESPACE [--all] [--key]                 prints the keys and subjects of a namespace
  whois UUID:KEY                                 tells whose key this is
  delete SUBJECT [-ns NAMESPACE]                 removes a subject, or one of its namespaces
  block SUBJECT..., unblock SUBJECT...           refuses its keys, or takes them again
  limits get NAMESPACE
  limits set NAMESPACE [--invocationsPerMinute N] [--concurrentInvocations N] [--allowedKinds KIND...] ...
  limits delete NAMESPACE`

/**
 * Carries out the words behind `warmwhisk user` on the subjects, with the words and output of OpenWhisk's wskadmin.
 * Mistakes of the person come back as lines to complain with, never as errors.
 */
export async function runUserWords(words: readonly string[], subjects: SubjectStore): Promise<UserAnswer> {
  const [first = '', ...rest] = words
  const isLimits = first === 'limits'
  const name = isLimits ? `limits ${rest[0] ?? ''}`.trim() : first
  const command = userCommands.get(name)
  if (command === undefined) return { exitCode: 2, print: [], complain: [`Unknown command "user ${name}"`, usage] }
  const given = readWords(isLimits ? rest.slice(1) : rest)
  if (given.words.length === 0) return { exitCode: 2, print: [], complain: [`Missing a name: user ${name}`, usage] }
  try {
    return await command(given, subjects)
  } catch (error) {
    if (!isFault(error, 'SUBJECT_WRONG')) throw error
    return { exitCode: 1, print: [], complain: [error.message] }
  }
}
