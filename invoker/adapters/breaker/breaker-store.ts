import type {
  BulkResult,
  DesignDocument,
  Document,
  DocumentStore,
  StoredDocument,
  ViewQuery,
  ViewRow,
} from '../../ports/documents.ts'
import type { Breaker } from './breaker.ts'

/** A store behind a breaker; several stores of one server share one. While it is open every call faults STORE_UNAVAILABLE at once. */
export function withBreaker(store: DocumentStore, breaker: Breaker): DocumentStore {
  return new BreakerStore(store, breaker)
}

class BreakerStore implements DocumentStore {
  readonly #store: DocumentStore
  readonly #breaker: Breaker

  constructor(store: DocumentStore, breaker: Breaker) {
    this.#store = store
    this.#breaker = breaker
  }

  get(id: string, signal?: AbortSignal): Promise<StoredDocument | undefined> {
    return this.#breaker.run(() => this.#store.get(id, signal))
  }

  put(document: Document): Promise<string> {
    return this.#breaker.run(() => this.#store.put(document))
  }

  remove(id: string, revision: string): Promise<void> {
    return this.#breaker.run(() => this.#store.remove(id, revision))
  }

  bulk(documents: readonly Document[]): Promise<readonly BulkResult[]> {
    return this.#breaker.run(() => this.#store.bulk(documents))
  }

  view(design: string, view: string, query: ViewQuery): Promise<readonly ViewRow[]> {
    return this.#breaker.run(() => this.#store.view(design, view, query))
  }

  attach(...attachment: Parameters<DocumentStore['attach']>): Promise<string> {
    return this.#breaker.run(() => this.#store.attach(...attachment))
  }

  attachment(id: string, name: string): Promise<Buffer | undefined> {
    return this.#breaker.run(() => this.#store.attachment(id, name))
  }

  ensureDatabase(): Promise<void> {
    return this.#breaker.run(() => this.#store.ensureDatabase())
  }

  ensureDesign(design: DesignDocument): Promise<void> {
    return this.#breaker.run(() => this.#store.ensureDesign(design))
  }

  /** The breaker is stopped by who made it. */
  stop(signal: AbortSignal): Promise<void> {
    return this.#store.stop(signal)
  }
}
