import type { Json, JsonObject } from '../../invoker/domain/json.ts'
import { Fault } from '../../invoker/faults/fault.ts'
import { parseAuthKey } from '../../invoker/store/subject-rules.ts'
import type { SubjectStore } from '../../invoker/store/subjects.ts'
import type { UserWords } from './user-words.ts'

/** What a command answers: lines for the person, lines about mistakes, and the exit code. */
export interface UserAnswer {
  readonly exitCode: number
  readonly print: readonly string[]
  readonly complain: readonly string[]
}

/** One command. @throws Fault SUBJECT_WRONG with what the person got wrong. */
type UserCommand = (given: UserWords, subjects: SubjectStore) => Promise<UserAnswer>

/** The commands by their words; what they print is what wskadmin prints. */
export const userCommands: ReadonlyMap<string, UserCommand> = new Map<string, UserCommand>([
  ['create', create],
  ['get', get],
  ['list', list],
  ['whois', whois],
  ['delete', remove],
  ['block', (given, subjects) => block(given, { subjects, isBlocked: true })],
  ['unblock', (given, subjects) => block(given, { subjects, isBlocked: false })],
  ['limits get', getLimits],
  ['limits set', setLimits],
  ['limits delete', deleteLimits],
])

async function create(given: UserWords, subjects: SubjectStore): Promise<UserAnswer> {
  const auth = option(given, 'auth')
  const namespace = option(given, 'namespace')
  const key = await subjects.create({
    subject: first(given),
    ...(namespace === undefined ? {} : { namespace }),
    ...(auth === undefined ? {} : { auth: parseAuthKey(auth) }),
  })
  return said(`${key.uuid}:${key.key}`)
}

async function get(given: UserWords, subjects: SubjectStore): Promise<UserAnswer> {
  const subject = first(given)
  const found = await subjects.get(subject)
  if (found === undefined) throw new Fault('SUBJECT_WRONG', `there is no subject "${subject}"`)
  if (given.options.has('all')) return said(...found.namespaces.map(({ name, uuid, key }) => `${name}\t${uuid}:${key}`))
  const wanted = option(given, 'namespace') ?? subject
  const namespace = found.namespaces.find(({ name }) => name === wanted)
  if (namespace === undefined) throw new Fault('SUBJECT_WRONG', `"${subject}" has no namespace "${wanted}"`)
  return said(`${namespace.uuid}:${namespace.key}`)
}

async function list(given: UserWords, subjects: SubjectStore): Promise<UserAnswer> {
  const namespace = first(given)
  const found = await subjects.list(namespace)
  if (found.length === 0) throw new Fault('SUBJECT_WRONG', `nobody has the namespace "${namespace}"`)
  const wantsKeyOnly = given.options.has('key')
  return said(
    ...found.map(({ subject, uuid, key }) => (wantsKeyOnly ? `${uuid}:${key}` : `${uuid}:${key}\t${subject}`)),
  )
}

async function whois(given: UserWords, subjects: SubjectStore): Promise<UserAnswer> {
  const { uuid, key } = parseAuthKey(first(given))
  const identity = await subjects.byKey(uuid, key)
  if (identity === undefined) throw new Fault('SUBJECT_WRONG', 'nobody has this key')
  return said(`subject: ${identity.subject}`, `namespace: ${identity.namespace.name}`)
}

async function remove(given: UserWords, subjects: SubjectStore): Promise<UserAnswer> {
  const namespace = option(given, 'namespace')
  await subjects.delete({ subject: first(given), ...(namespace === undefined ? {} : { namespace }) })
  return said(namespace === undefined ? 'Subject deleted' : 'Namespace deleted')
}

async function block(
  { words }: UserWords,
  { subjects, isBlocked }: { readonly subjects: SubjectStore; readonly isBlocked: boolean },
): Promise<UserAnswer> {
  for (const subject of words) await subjects.setBlocked(subject, isBlocked)
  return said(...words.map((subject) => `"${subject}" ${isBlocked ? 'blocked' : 'unblocked'} successfully`))
}

async function getLimits(given: UserWords, subjects: SubjectStore): Promise<UserAnswer> {
  const limits = Object.entries(await subjects.limits(first(given)))
  if (limits.length === 0) return said('No limits found, default system limits apply')
  return said(...limits.map(([name, value]) => `${name} = ${Array.isArray(value) ? value.join(', ') : String(value)}`))
}

async function setLimits(given: UserWords, subjects: SubjectStore): Promise<UserAnswer> {
  const limits: JsonObject = Object.fromEntries(
    [...given.options].map(([name, values]) => [name, limitValue(name, values)]),
  )
  if (Object.keys(limits).length === 0)
    throw new Fault('SUBJECT_WRONG', 'no limit is given, such as --invocationsPerMinute 60')
  const namespace = first(given)
  await subjects.setLimits(namespace, limits)
  return said(`Limits successfully set for "${namespace}"`)
}

async function deleteLimits(given: UserWords, subjects: SubjectStore): Promise<UserAnswer> {
  await subjects.removeLimits(first(given))
  return said('Limits deleted')
}

/** Numbers and yes or no as such; kinds as a list, also of one; sizes and durations as text. */
function limitValue(name: string, values: readonly string[]): Json {
  if (name === 'allowedKinds') return values.flatMap((value) => value.split(',')).filter((kind) => kind !== '')
  const text = values.join(' ')
  if (/^\d+$/.test(text)) return Number(text)
  return text.toLowerCase() === 'true' ? true : text.toLowerCase() === 'false' ? false : text
}

function first({ words: [word = ''] }: UserWords): string {
  return word.trim()
}

function option({ options }: UserWords, name: string): string | undefined {
  return options.get(name)?.[0]
}

function said(...print: readonly string[]): UserAnswer {
  return { exitCode: 0, print, complain: [] }
}
