import { LRUCache } from 'lru-cache'
import type { ActionDocument } from '../../invoker/domain/action.ts'
import { isFault } from '../../invoker/faults/fault.ts'
import type { Clock } from '../../invoker/ports/clock.ts'
import type { StoredAction } from '../../invoker/store/action-document.ts'
import type { ActionStore } from '../../invoker/store/actions.ts'
import { messages } from './messages.ts'
import { RestError } from './rest-error.ts'

/** What all that is kept may weigh, as JSON: one action may have a megabyte of parameters, and code in its document. */
const maxKeptBytes = 64 * 1024 * 1024
const maxAgeMs = 300_000

/**
 * Actions as the API reads and writes them. Documents are kept for a while, since each invocation needs one; every write goes
 * through here and forgets, so that a kept document is the current one as long as this process is the only writer.
 */
export class ActionCatalog {
  readonly #store: ActionStore
  readonly #kept: LRUCache<string, StoredAction>
  /** Goes up with each write, so that a read that began before does not keep what is old. */
  #writes = 0

  constructor({ store, clock }: { readonly store: ActionStore; readonly clock: Clock }) {
    this.#store = store
    const perf = { now: () => clock.now() }
    const sizeCalculation = (action: StoredAction): number => JSON.stringify(action).length
    this.#kept = new LRUCache({ maxSize: maxKeptBytes, sizeCalculation, ttl: maxAgeMs, ttlResolution: 0, perf })
  }

  /** The action with this document id, undefined when it is not there. @throws RestError 409 when it is another entity, 500 when it cannot be read. */
  async find(id: string): Promise<StoredAction | undefined> {
    return this.#kept.get(id) ?? this.#read(id)
  }

  /** Like {@link find}, and never a kept one: for a write, which needs the current revision. */
  async current(id: string): Promise<StoredAction | undefined> {
    this.#kept.delete(id)
    return this.#read(id)
  }

  /** Code as text, base64 when binary; undefined where the action has none. */
  code(action: StoredAction): Promise<string | undefined> {
    return this.#store.code(action)
  }

  /** Writes an action; `code` undefined keeps the code. @throws Fault DOCUMENT_CONFLICT. */
  async save(
    action: ActionDocument & Partial<Pick<StoredAction, '_rev' | '_attachments'>>,
    code?: string,
  ): Promise<void> {
    await this.#writing(`${action.namespace}/${action.name}`, () => this.#store.save(action, code))
  }

  /** Removes an action as it was read. @throws Fault DOCUMENT_CONFLICT. */
  async remove({ _id, _rev }: StoredAction): Promise<void> {
    await this.#writing(_id, () => this.#store.remove(_id, _rev))
  }

  async #writing(id: string, write: () => Promise<unknown>): Promise<void> {
    try {
      await write()
    } finally {
      this.#writes += 1
      this.#kept.delete(id)
    }
  }

  async #read(id: string): Promise<StoredAction | undefined> {
    const before = this.#writes
    const action = await this.#store.get(id).catch((error: unknown) => {
      if (!isFault(error, 'DOCUMENT_UNREADABLE')) throw error
      throw error.facts.entityType === undefined
        ? new RestError(500, messages.corrupted)
        : new RestError(409, messages.otherCollection)
    })
    if (action !== undefined && before === this.#writes) this.#kept.set(id, action)
    return action
  }
}
