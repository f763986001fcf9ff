import type { WhiskActivation } from '../../invoker/domain/activation.ts'
import { deferred } from '../../invoker/lib/deferred.ts'
import { backoffMs } from '../../invoker/lib/retry.ts'
import type { Clock } from '../../invoker/ports/clock.ts'
import type { Log } from '../../invoker/ports/log.ts'
import type { ActivationStore } from '../../invoker/store/activations.ts'

const policy = { tries: Number.POSITIVE_INFINITY, firstDelayMs: 50, maxDelayMs: 5_000 }

/** Reads the record of an activation whose result was too large for its ack (protocol reference 2.6, 8.5). */
export class RecordPoll {
  readonly #activations: Pick<ActivationStore, 'get'>
  readonly #clock: Clock
  readonly #log: Log

  constructor({
    activations,
    clock,
    log,
  }: { readonly activations: Pick<ActivationStore, 'get'>; readonly clock: Clock; readonly log: Log }) {
    this.#activations = activations
    this.#clock = clock
    this.#log = log
  }

  /** The record without its logs, as soon as it is stored; undefined when `until` settles first: nobody waits any more. */
  async find(
    namespace: string,
    { activationId, until }: { readonly activationId: string; readonly until: Promise<unknown> },
  ): Promise<WhiskActivation | undefined> {
    let isOver = false
    const over = until.then(() => {
      isOver = true
    })
    for (let attempt = 1; !isOver; attempt += 1) {
      const record = await this.#read(namespace, activationId)
      if (record !== undefined) return { ...record, logs: [] }
      await this.#pause(backoffMs(policy, Math.min(attempt, 10)), over)
    }
    return undefined
  }

  async #read(namespace: string, activationId: string): Promise<WhiskActivation | undefined> {
    try {
      return await this.#activations.get(namespace, activationId)
    } catch (error) {
      // The store may be back before the caller gives up.
      this.#log.warn('record not read', { activationId, error })
      return undefined
    }
  }

  async #pause(ms: number, over: Promise<void>): Promise<void> {
    const { promise, resolve } = deferred()
    const cancel = this.#clock.after(ms, resolve)
    await Promise.race([promise, over])
    cancel()
  }
}
