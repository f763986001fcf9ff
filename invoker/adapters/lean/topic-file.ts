import { LineFile } from '../../lib/line-file.ts'
import type { Log } from '../../ports/log.ts'
import type { TopicState } from './topic-state.ts'

const magic = 'warmwhisk-topic 1'
/** With everything done, a file above the first size is emptied; else one above the second, if most of it is over. */
const emptyAboveBytes = 64 * 1024
const compactAboveBytes = 4 * 1024 * 1024

/**
 * A topic on the disk: a line for each message, each group and each message done, so that what was accepted is there after the
 * process was killed. Its size follows what is not done.
 */
export class TopicFile {
  readonly #file: LineFile
  readonly #state: TopicState
  #limitBytes = compactAboveBytes

  /** Opens the file and puts what it says into `state`. Errors are the system's. */
  constructor({ path, isSynced, state, log }: { path: string; isSynced: boolean; state: TopicState; log: Log }) {
    this.#file = new LineFile({ path, magic, isSynced })
    this.#state = state
    const { lines, damaged } = this.#file.found
    const unread = lines.filter((line) => !take(line, state)).length
    if (unread + damaged.length > 0) {
      log.error('file of a topic has lines that cannot be read: skipped', { path, count: unread + damaged.length })
    }
    this.#compact()
  }

  message(offset: number, value: string): void {
    this.#append(`m ${offset} ${JSON.stringify(value)}`)
  }

  joined(group: string, low: number): void {
    this.#append(`g ${low} ${group}`)
  }

  done(group: string, offset: number): void {
    this.#append(`d ${offset} ${group}`)
    const { bytes } = this.#file
    if (bytes > (this.#state.records.size === 0 ? emptyAboveBytes : this.#limitBytes)) this.#compact()
  }

  close(): void {
    this.#file.close()
  }

  #append(line: string): void {
    this.#file.append(line)
  }

  #compact(): void {
    this.#file.rewrite(linesOf(this.#state))
    this.#limitBytes = Math.max(compactAboveBytes, this.#file.bytes * 4)
  }
}

/** Puts a line into the state; false for one that cannot be read. */
function take(line: string, state: TopicState): boolean {
  const [kind, number = '', ...rest] = line.split(' ')
  const offset = Number(number)
  if (!Number.isSafeInteger(offset) || offset < 0) return false
  const text = rest.join(' ')
  if (kind === 'e') state.goOnFrom(offset)
  else if (kind === 'g') state.join(text, offset)
  else if (kind === 'd') state.done(text, offset)
  else if (kind === 'm') return takeMessage(text, offset, state)
  else return false
  return true
}

function takeMessage(json: string, offset: number, state: TopicState): boolean {
  try {
    state.add(Buffer.from(JSON.parse(json) as string), offset)
    return true
  } catch {
    // The caller reports the line.
    return false
  }
}

/** The lines that say all of the state, groups first: a message without a group might be forgotten. */
function* linesOf(state: TopicState): Iterable<string> {
  yield `e ${state.end}`
  for (const [group, { low }] of state.groups) yield `g ${low} ${group}`
  for (const [offset, value] of state.records) yield `m ${offset} ${JSON.stringify(value.toString())}`
  for (const [group, { doneAhead }] of state.groups) for (const offset of doneAhead) yield `d ${offset} ${group}`
}
