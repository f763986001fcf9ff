import { randomUUID } from 'node:crypto'
import { type ActionDocument, type Attached, type ExecutableAction, entityId } from '../domain/action.ts'
import type { JsonObject } from '../domain/json.ts'
import { type Manifest, resolveKind } from '../domain/manifest.ts'
import { Fault, isFault } from '../faults/fault.ts'
import { retry } from '../lib/retry.ts'
import type { Clock } from '../ports/clock.ts'
import type { Document, DocumentStore } from '../ports/documents.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import { ActionCache, type ActionCacheLimits } from './action-cache.ts'
import { readAction, type StoredAction } from './action-document.ts'
import { asDocument } from './as-document.ts'
import { bytesToCode, encodeCode, inlineBytes } from './code.ts'
import { designNames } from './design/names.ts'
import { countEntities, type EntityQuery, listEntities } from './entity-lists.ts'
import { checkEntityName } from './entity-names.ts'

/** What an {@link ActionStore} works with. `design` names the design document with the view `actions`. */
export interface ActionStoreOptions {
  readonly whisks: DocumentStore
  readonly manifest: Manifest
  readonly clock: Clock
  readonly log: Log
  readonly design?: string
  readonly cache?: ActionCacheLimits
  readonly meter?: Meter
}

/** Actions as documents, and ready to run (protocol reference 3.3, 3.8). */
export class ActionStore {
  readonly #options: ActionStoreOptions
  readonly #cache: ActionCache

  constructor(options: ActionStoreOptions) {
    this.#options = options
    this.#cache = new ActionCache({
      clock: options.clock,
      limits: options.cache ?? { idleMs: 300_000, maxBytes: 256 * 1024 * 1024 },
      meter: options.meter,
    })
  }

  /**
   * The action `namespace[/package]/name` with its code, undefined when it is not there. With a revision: kept for 5 minutes
   * after the last use; where the document has moved on, its latest is given and not kept. Without one: the latest, not kept.
   * @throws Fault DOCUMENT_UNREADABLE, ACTION_NOT_EXECUTABLE (a sequence), or what the store faults.
   */
  fetch(id: string, revision: string | undefined): Promise<ExecutableAction | undefined> {
    if (revision === undefined) return this.#load(id)
    return this.#cache.through({ id, revision }, () => this.#load(id, revision))
  }

  /** The document alone: code stays a reference, sequences are given too. Undefined when it is not there. */
  async get(id: string): Promise<StoredAction | undefined> {
    const document = await this.#options.whisks.get(id)
    return document === undefined ? undefined : readAction(document, this.#options.manifest)
  }

  /** Code of an action that was read: text, or base64 when `exec.binary`; undefined where it has none. */
  async code({ _id: id, exec }: StoredAction): Promise<string | undefined> {
    const { code } = exec
    if (code === undefined || typeof code === 'string') return code
    const bytes = inlineBytes(code) ?? (await this.#options.whisks.attachment(id, localName(code)))
    if (bytes !== undefined) return bytesToCode(bytes, exec.binary)
    throw new Fault('DOCUMENT_UNREADABLE', `"${id}" lacks its attachment "${code.attachmentName}"`, {
      facts: { id, attachment: code.attachmentName },
    })
  }

  /**
   * Writes an action and gives its new revision. `code` is text, or base64 when `exec.binary`; undefined keeps what `exec.code`
   * and `_attachments` say. Code of attached kinds goes into the document below 16 KiB, else into an attachment (3.3).
   * @throws Fault NAME_WRONG; DOCUMENT_CONFLICT when `_rev` is not the current one, or is absent and the document is there.
   */
  async save(
    action: ActionDocument & { readonly _rev?: string; readonly _attachments?: JsonObject },
    code: string | undefined,
  ): Promise<string> {
    checkEntityName(action)
    const id = entityId(action)
    this.#cache.forget(id)
    const { _attachments: attachments, ...rest } = { ...action, _id: id, entityType: 'action' }
    if (code === undefined) {
      const isElsewhere = typeof action.exec.code === 'object' && inlineBytes(action.exec.code) === undefined
      const kept = isElsewhere && attachments !== undefined ? { _attachments: attachments } : {}
      return this.#options.whisks.put(asDocument({ ...rest, ...kept }))
    }
    if (!this.#isAttached(action.exec.kind)) {
      return this.#options.whisks.put(asDocument({ ...rest, exec: { ...action.exec, code } }))
    }
    const { inline, data, contentType } = await encodeCode(code, action.exec.binary === true)
    const name = randomUUID()
    const reference: Attached = inline ?? { attachmentName: `couch:${name}`, attachmentType: contentType }
    const document = asDocument({ ...rest, exec: { ...action.exec, code: reference } })
    if (inline !== undefined) return this.#options.whisks.put(document)
    return this.#putAndAttach(document, { name, contentType, data })
  }

  /** Removes an action. @throws Fault DOCUMENT_CONFLICT when `revision` is not the current one. */
  async remove(id: string, revision: string): Promise<void> {
    this.#cache.forget(id)
    await this.#options.whisks.remove(id, revision)
  }

  /** Forgets what is kept of an action. */
  invalidate(id: string): void {
    this.#cache.forget(id)
  }

  /** Summaries of the actions of a namespace or package, newest first (3.7, 8.4). */
  list(query: EntityQuery): Promise<readonly JsonObject[]> {
    return listEntities(this.#options.whisks, { ...query, design: this.#design, view: 'actions' })
  }

  /** How many there are after `skip` (8.3). */
  count(query: EntityQuery): Promise<number> {
    return countEntities(this.#options.whisks, { ...query, design: this.#design, view: 'actions' })
  }

  get #design(): string {
    return this.#options.design ?? designNames.actions
  }

  #isAttached(kind: string): boolean {
    return kind === 'blackbox' || resolveKind(this.#options.manifest, kind)?.attached === true
  }

  /** The document first, then its attachment, as OpenWhisk: the usable revision is the second. */
  async #putAndAttach(
    document: Document,
    attachment: { readonly name: string; readonly contentType: string; readonly data: Buffer },
  ): Promise<string> {
    const { whisks, log } = this.#options
    const revision = await whisks.put(document)
    try {
      return await whisks.attach(document._id, revision, attachment)
    } catch (error) {
      // A new action without its code would answer "exists" to the next try.
      if (document._rev === undefined) {
        await whisks
          .remove(document._id, revision)
          .catch((cause: unknown) => log.warn('action without code left', { id: document._id, cause }))
      }
      throw error
    }
  }

  /** Reads again when the attachment is missing: somebody may be writing it, or has just overwritten the document. */
  #load(id: string, revision?: string): Promise<ExecutableAction | undefined> {
    return retry(() => this.#loadOnce(id, revision), {
      policy: { tries: 4, firstDelayMs: 50, maxDelayMs: 500 },
      isRetryable: (error) => isFault(error, 'DOCUMENT_UNREADABLE') && error.facts.attachment !== undefined,
    })
  }

  async #loadOnce(id: string, revision: string | undefined): Promise<ExecutableAction | undefined> {
    const stored = await this.get(id)
    if (stored === undefined) return undefined
    if (stored.exec.kind === 'sequence') {
      throw new Fault('ACTION_NOT_EXECUTABLE', `"${id}" is a sequence, which controllers run`, { facts: { id } })
    }
    const code = await this.code(stored)
    const { _id, _rev, _attachments, exec, ...rest } = stored
    if (revision !== undefined && _rev !== revision) {
      this.#options.log.info('action has moved on', { id, wanted: revision, found: _rev })
    }
    const { code: _reference, ...how } = exec
    return { ...rest, exec: code === undefined ? how : { ...how, code }, revision: _rev }
  }
}

/** `couch:<name>` and names without a scheme are attachments of the document itself. */
function localName({ attachmentName }: Attached): string {
  if (attachmentName.startsWith('couch:')) return attachmentName.slice('couch:'.length)
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(attachmentName)?.[1]
  if (scheme === undefined) return attachmentName
  throw new Fault('STORE_REFUSED', `code is in the attachment store "${scheme}", which this invoker cannot read`)
}
