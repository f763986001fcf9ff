import { type Deferred, deferred } from '../../../invoker/lib/deferred.ts'

/** When the acks of an activation came, in ms of `performance.now()`. */
export interface Acked {
  readonly sentAt: number
  readonly resultAt: number
  readonly completedAt: number
}

/** What an ack means for the observer (protocol reference 2.6). */
export interface Ack {
  readonly activationId: string
  readonly isResult: boolean
  readonly isCompletion: boolean
  /** Status of the response, where it is a whole record. */
  readonly statusCode?: number
}

interface Entry {
  readonly sentAt: number
  resultAt: number | undefined
  readonly settled: Deferred<Acked>
}

/** Activations that were sent and are not fully acked. */
export class Outstanding {
  readonly #entries = new Map<string, Entry>()

  /** How many wait for an ack. */
  get size(): number {
    return this.#entries.size
  }

  /** Notes an activation that is about to be sent; resolves when its Completion is in, and rejects when it failed. */
  add(activationId: string, sentAt: number): Promise<Acked> {
    const settled = deferred<Acked>()
    this.#entries.set(activationId, { sentAt, resultAt: undefined, settled })
    return settled.promise
  }

  /** Takes an ack; one of an unknown activation is none of ours and changes nothing. */
  ack({ activationId, isResult, isCompletion, statusCode }: Ack, now: number): void {
    const entry = this.#entries.get(activationId)
    if (entry === undefined) return
    if (isResult) entry.resultAt = now
    if (statusCode !== undefined && statusCode !== 0) {
      this.#fail(activationId, `Cannot measure: activation ${activationId} has status ${statusCode}, not 0`)
    } else if (isCompletion) this.#complete(activationId, { ...entry, completedAt: now })
  }

  /** Fails everything that waits. */
  failAll(reason: string): void {
    for (const id of this.#entries.keys()) this.#fail(id, reason)
  }

  #complete(id: string, { sentAt, resultAt, completedAt, settled }: Entry & { readonly completedAt: number }): void {
    if (resultAt === undefined) {
      this.#fail(id, `Cannot measure: activation ${id} was completed without a result`)
      return
    }
    this.#entries.delete(id)
    settled.resolve({ sentAt, resultAt, completedAt })
  }

  #fail(id: string, reason: string): void {
    this.#entries.get(id)?.settled.reject(new Error(reason))
    this.#entries.delete(id)
  }
}

/** Reads an ack by its fields, as a controller does. @throws SyntaxError when it is none. */
export function readAck(text: string): Ack {
  const { activationId, response, instance } = JSON.parse(text) as {
    activationId?: string
    response?: string | { activationId: string; response: { statusCode: number } }
    instance?: unknown
  }
  const isWhole = typeof response === 'object'
  const id = isWhole ? response.activationId : (response ?? activationId)
  if (id === undefined) throw new SyntaxError(`Cannot read the ack "${text}": it names no activation`)
  return {
    activationId: id,
    isResult: response !== undefined,
    isCompletion: instance !== undefined,
    ...(isWhole ? { statusCode: response.response.statusCode } : {}),
  }
}
