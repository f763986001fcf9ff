import { LRUCache } from 'lru-cache'
import type { Identity } from '../domain/identity.ts'
import { isJsonObject, type Json } from '../domain/json.ts'
import { Fault } from '../faults/fault.ts'
import type { Clock } from '../ports/clock.ts'
import type { DocumentStore, ViewRow } from '../ports/documents.ts'
import { readUserLimits } from './user-limits.ts'

/** Who a key or a namespace belongs to, through the view `identities`: blocked subjects have no rows (protocol reference 3.7). */
export class Identities {
  readonly #subjects: DocumentStore
  readonly #design: string
  readonly #kept: LRUCache<string, Identity>

  constructor({
    subjects,
    design,
    clock,
    keepMs,
  }: { readonly subjects: DocumentStore; readonly design: string; readonly clock: Clock; readonly keepMs: number }) {
    this.#subjects = subjects
    this.#design = design
    this.#kept = new LRUCache({ max: 10_000, ttl: keepMs, ttlResolution: 0, perf: { now: () => clock.now() } })
  }

  /** The identity of `[namespace]` or `[uuid, key]`, undefined when there is none. @throws Fault DOCUMENT_UNREADABLE when two claim it. */
  async find(key: readonly string[]): Promise<Identity | undefined> {
    const name = JSON.stringify(key)
    const kept = this.#kept.get(name)
    if (kept !== undefined) return kept
    const found = await this.#read(key)
    if (found !== undefined) this.#kept.set(name, found)
    return found
  }

  /** Forgets everything kept: after a write. */
  forget(): void {
    this.#kept.clear()
  }

  async #read(key: readonly string[]): Promise<Identity | undefined> {
    const rows = await this.#subjects.view(this.#design, 'identities', {
      key,
      includeDocs: true,
      limit: 2,
      reduce: false,
    })
    // A namespace may have several subjects; a key may not.
    if (rows.length > 1 && key.length === 2) {
      throw new Fault('DOCUMENT_UNREADABLE', `the uuid "${key[0]}" belongs to several subjects`)
    }
    const row = rows.at(-1)
    return row === undefined ? undefined : identityOf(row)
  }
}

function identityOf({ id, value, doc }: ViewRow): Identity | undefined {
  if (!isJsonObject(value) || id === undefined) return undefined
  const uuid = String(value.uuid)
  return {
    subject: id,
    namespace: { name: String(value.namespace), uuid },
    authkey: { api_key: `${uuid}:${String(value.key)}` },
    rights: ['READ', 'PUT', 'DELETE', 'ACTIVATE'],
    limits: readUserLimits((doc ?? undefined) as Json | undefined),
  }
}
