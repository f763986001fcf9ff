import { howEnded, type ProcessEnd, readStatus } from '../../domain/process-end.ts'
import { type Deferred, deferred } from '../../lib/deferred.ts'
import { Serial } from '../../lib/serial.ts'
import { within } from '../../lib/within.ts'
import type { TemplateProcess } from '../../ports/empty-containers.ts'
import type { Kernel } from '../../ports/kernel.ts'
import { Children } from './children.ts'
import { ControlChannel } from './control-channel.ts'
import type { Answer, Request } from './messages.ts'

/** How long after a template's end its last messages may take to come: a child that holds its socket keeps that open. */
const LAST_MESSAGES_MS = 1000
/** How many characters of what it printed go into a message. */
const LAST_WORDS = 500

/** What a template says about a request; of a child with its end. */
type Heard =
  | Exclude<Answer, { kind: 'forked' | 'ended' | 'importing' }>
  | (Extract<Answer, { kind: 'forked' }> & { readonly ended: Promise<ProcessEnd> })

/** Which answer each request ends with. */
const endsWith = { build: 'built', confine: 'confined', smoke: 'smoked', restore: 'forked' } as const
type Task = keyof typeof endsWith
type HeardOf<T extends Task> = Extract<Heard, { kind: (typeof endsWith)[T] }>

/** How to ask. */
export interface Asking {
  /** What goes with the request; called when it is sent, which is when its turn has come. */
  readonly descriptors?: () => readonly number[]
  /** Ends the waiting, and takes the request back when it was not sent yet. */
  readonly signal: AbortSignal
  /** A template that has not answered by then is stuck, and ended. */
  readonly answerMs?: number
  readonly onProgress?: (progress: Extract<Answer, { kind: 'importing' }>) => void
}

/** A template says that its packages cannot be restored. */
export class Unsuitable extends Error {}

/**
 * A template process with its control channel. One request is under way at a time. It is alive, or gone: then every request fails
 * at once, `ended` has told why, and the kernel tells the ends of its children.
 */
export class Template {
  readonly process: TemplateProcess
  /** Resolves once, with a sentence. */
  readonly ended: Promise<string>
  readonly #kernel: Kernel
  readonly #channel: ControlChannel
  readonly #children: Children
  readonly #turns = new Serial()
  readonly #end = deferred<string>()
  readonly #buried: Promise<void>
  #asked: { readonly request: Request; readonly answer: Deferred<Heard>; readonly asking: Asking } | undefined
  /** Undefined while it is alive; {@link Template.#leave} alone writes it. */
  #gone: { readonly why: string; readonly leftRequest: Request | undefined } | undefined

  /** `controlFd` is our end of its control socket, which is this object's from here on. */
  constructor(options: { readonly process: TemplateProcess; readonly controlFd: number; readonly kernel: Kernel }) {
    const { process, controlFd, kernel } = options
    this.process = process
    this.ended = this.#end.promise
    this.#kernel = kernel
    this.#children = new Children(kernel)
    this.#channel = new ControlChannel({
      fd: controlFd,
      kernel,
      onAnswer: (answer) => this.#hear(answer),
      onBroken: (why) => this.#leave(`its control channel broke: ${why}`),
    })
    this.#buried = this.#bury()
  }

  /** Why it cannot be asked any more; undefined while it can. */
  get gone(): string | undefined {
    return this.#gone?.why
  }

  /** Asks, and waits for the answer. @throws Error with what it said or why it is gone; Unsuitable; the signal's reason. */
  async ask<T extends Task>(request: Extract<Request, { do: T }>, asking: Asking): Promise<HeardOf<T>> {
    const { signal } = asking
    const answering = this.#turns.run(() => {
      signal.throwIfAborted()
      return this.#ask(request, asking)
    })
    if (!(await within(answering, signal))) {
      answering.catch(() => undefined)
      throw signal.reason
    }
    const heard = await answering
    if (heard.kind === 'failed') throw new Error(heard.reason)
    if (heard.kind === 'unsuitable') throw new Unsuitable(heard.reason)
    if (isAnswerTo<T>(request.do, heard)) return heard
    this.#leave(`it answered "${heard.kind}" to "${request.do}"`)
    throw new Error(this.gone)
  }

  /** Ends it, and removes its container; children live on. `why` is what `ended` tells, unless it is gone already. Never rejects. */
  async end(why: string): Promise<void> {
    this.#leave(why, { isExpected: true })
    await this.#buried
  }

  async #ask(request: Request, asking: Asking): Promise<Heard> {
    if (this.#gone !== undefined) throw new Error(this.#gone.why)
    const answer = deferred<Heard>()
    const descriptors = asking.descriptors?.()
    this.#asked = { request, answer, asking }
    const stuck = (): void => this.#leave(`it did not answer to "${request.do}" within ${asking.answerMs} ms`)
    const timer = asking.answerMs === undefined ? undefined : setTimeout(stuck, asking.answerMs)
    try {
      this.#send(request, descriptors)
      return await answer.promise
    } finally {
      clearTimeout(timer)
      this.#asked = undefined
    }
  }

  #send(request: Request, descriptors: readonly number[] | undefined): void {
    try {
      this.#channel.send(request, descriptors)
    } catch (error) {
      this.#leave(`it cannot be told to ${request.do}: ${String(error)}`)
    }
  }

  /** A child is known before anything else is heard: its end may come with the same read. */
  #hear(answer: Answer): void {
    if (answer.kind === 'ended') this.#children.ended(answer.pid, readStatus(answer.status))
    else if (answer.kind === 'importing') this.#asked?.asking.onProgress?.(answer)
    else if (answer.kind !== 'forked') this.#asked?.answer.resolve(answer)
    else this.#asked?.answer.resolve({ ...answer, ended: this.#children.add(answer.pid) })
  }

  /** The only way from alive to gone. */
  #leave(reason: string, { isExpected = false } = {}): void {
    if (this.#gone !== undefined) return
    const why = `The template is gone: ${reason}${isExpected ? '' : lastSigns(this.process)}`
    this.#gone = { why, leftRequest: this.#asked?.request }
    this.#asked?.answer.reject(new Error(why))
    this.#end.resolve(why)
  }

  /** What is left when it is gone: first what it said is heard, then its children are ours. */
  async #bury(): Promise<void> {
    const { process } = this
    this.#channel.ended.then(() => this.#leave('it closed its control channel')).catch(() => undefined)
    process.ended.then((end) => this.#leave(`it ended ${howEnded(end)}`)).catch(() => undefined)
    await this.#end.promise
    await process.destroy()
    await process.ended
    await within(this.#channel.ended, AbortSignal.timeout(LAST_MESSAGES_MS))
    this.#channel.close()
    this.#children.takeOver()
    // Perhaps it had forked, and could not say so any more.
    if (this.#gone?.leftRequest?.do === 'restore') this.#kernel.adoptStrays()
  }
}

/** What may say why a template ended. */
function lastSigns(process: TemplateProcess): string {
  const said = process.lastWords().slice(-LAST_WORDS)
  const memory = process.cgroup.oomKills() > 0 ? ', out of memory' : ''
  return said === '' ? memory : `${memory}; it printed: ${said}`
}

function isAnswerTo<T extends Task>(task: T, heard: Heard): heard is HeardOf<T> {
  return heard.kind === endsWith[task]
}
