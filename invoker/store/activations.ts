import type { WhiskActivation } from '../domain/activation.ts'
import { isJsonObject, type JsonObject } from '../domain/json.ts'
import { isRetryable } from '../faults/fault.ts'
import type { Clock } from '../ports/clock.ts'
import type { DocumentStore } from '../ports/documents.ts'
import type { Meter } from '../ports/meter.ts'
import { activationDocument, activationDocumentId, readActivation } from './activation-document.ts'
import { Batcher, type BatchLimits } from './batcher.ts'
import { designNames } from './design/names.ts'
import { countEntities, type EntityView, listEntities, listRows } from './entity-lists.ts'

/** Which activations to list: `name` is `action` or `package/action`; times in ms on start, inclusive; `limit` 0 is no limit. */
export interface ActivationQuery {
  readonly namespace: string
  readonly name?: string
  readonly since?: number
  readonly upto?: number
  readonly skip?: number
  readonly limit?: number
}

/** What an {@link ActivationStore} works with. */
export interface ActivationStoreOptions {
  readonly activations: DocumentStore
  readonly clock: Clock
  /** Names of the design documents with the view `activations`, whole and by name. */
  readonly designs?: { readonly activations: string; readonly activationsFilter: string }
  readonly batches?: BatchLimits
  /** Whether lists may lack the newest records, as OpenWhisk's do (`stale=update_after`). Default true. */
  readonly isStaleAllowed?: boolean
  readonly meter?: Meter
}

/** Activation records (protocol reference 7.1, 3.1, 3.7). */
export class ActivationStore {
  readonly #options: ActivationStoreOptions
  readonly #batcher: Batcher<WhiskActivation>

  constructor(options: ActivationStoreOptions) {
    this.#options = options
    this.#batcher = new Batcher({
      send: (records) => this.#write(records),
      // A refused record (too large, say) must not take its neighbours with it; an outage is the same for all.
      isWorthSplitting: (error) => !isRetryable(error),
      limits: options.batches ?? { maxInFlight: 2, maxBatch: 500 },
    })
  }

  /** Stores a record. A record that is there already counts as stored: ids are unique, so it is the same one, sent twice. */
  store(record: WhiskActivation): Promise<void> {
    return this.#batcher.add(record)
  }

  /** The record, undefined when it is not there. @throws Fault DOCUMENT_UNREADABLE. */
  async get(namespace: string, id: string): Promise<WhiskActivation | undefined> {
    const document = await this.#options.activations.get(activationDocumentId(namespace, id))
    return document === undefined ? undefined : readActivation(document)
  }

  /** Summaries, newest first: `duration` is `end − start`, `statusCode` only where `end` is set (3.7). */
  list(query: ActivationQuery): Promise<readonly JsonObject[]> {
    return listEntities(this.#options.activations, this.#asEntities(query))
  }

  /** Whole records, newest first (`docs=true`). */
  async records(query: ActivationQuery): Promise<readonly WhiskActivation[]> {
    const rows = await listRows(this.#options.activations, { ...this.#asEntities(query), docs: true })
    return rows
      .map((row) => row.doc)
      .filter(isJsonObject)
      .map(readActivation)
  }

  /** How many there are after `skip`. */
  count(query: ActivationQuery): Promise<number> {
    return countEntities(this.#options.activations, this.#asEntities(query))
  }

  /** Resolves when every record handed in was stored or refused, or the signal aborts. */
  stop(signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    return Promise.race([this.#batcher.idle(), aborted])
  }

  #asEntities({ namespace, name, ...range }: ActivationQuery): ActivationQuery & { path: string } & EntityView {
    const designs = this.#options.designs ?? designNames
    return {
      ...range,
      namespace,
      path: name === undefined ? namespace : `${namespace}/${name}`,
      design: name === undefined ? designs.activations : designs.activationsFilter,
      view: 'activations',
      isStaleAllowed: this.#options.isStaleAllowed ?? true,
    }
  }

  async #write(records: readonly WhiskActivation[]): Promise<void> {
    const now = this.#options.clock.now()
    await this.#options.activations.bulk(records.map((record) => activationDocument(record, now)))
    const seconds = (this.#options.clock.now() - now) / 1000
    this.#options.meter?.observe('histogram_database_saveDocumentBulk_finish_seconds', seconds)
  }
}
