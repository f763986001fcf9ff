import type { Json, JsonObject } from '../domain/json.ts'

/** A document with its identity. `_rev` is absent when it is new. */
export type Document = JsonObject & { readonly _id: string; readonly _rev?: string }
/** A document as read. */
export type StoredDocument = Document & { readonly _rev: string }

/** View parameters with CouchDB's meaning (protocol reference 3.1). */
export interface ViewQuery {
  /** In descending order the larger of the two. */
  readonly startKey?: Json
  readonly endKey?: Json
  readonly key?: Json
  readonly keys?: readonly Json[]
  readonly skip?: number
  readonly limit?: number
  readonly descending?: boolean
  readonly includeDocs?: boolean
  /** Default false. */
  readonly reduce?: boolean
  /** `stale=update_after`: the answer may lack the newest documents. */
  readonly stale?: boolean
}

/** A row of a view. A reduced view gives one row with key null, or none. */
export interface ViewRow {
  readonly id?: string
  readonly key: Json
  readonly value: Json
  readonly doc?: JsonObject | null
}

/** A design document: name without `_design/`, map functions as JavaScript source in CouchDB's dialect. */
export interface DesignDocument {
  readonly name: string
  readonly views: Readonly<Record<string, { readonly map: string; readonly reduce?: string }>>
}

/** What became of one document of a bulk write. */
export type BulkResult =
  | { readonly id: string; readonly rev: string }
  | { readonly id: string; readonly conflict: true }

/**
 * One database of documents, as CouchDB has them. Contract (test/contract/documents.contract.ts):
 * `get` of what is not there gives undefined; writes with an old revision fault DOCUMENT_CONFLICT;
 * an outage faults STORE_UNAVAILABLE (retryable) within the configured time, also when the store is slow.
 */
export interface DocumentStore {
  get(id: string, signal?: AbortSignal): Promise<StoredDocument | undefined>
  /** Writes a document (create without `_rev`, update with) and gives its new revision. */
  put(document: Document): Promise<string>
  remove(id: string, revision: string): Promise<void>
  /** Writes many new documents through `_bulk_docs`, or removes them (`_deleted` and a revision); conflicts are per document. */
  bulk(documents: readonly Document[]): Promise<readonly BulkResult[]>
  /** Rows of `design/view`; faults VIEW_MISSING when the design document is not there. */
  view(design: string, view: string, query: ViewQuery): Promise<readonly ViewRow[]>
  /** Stores an attachment on an existing document and gives the new revision. */
  attach(id: string, revision: string, attachment: { name: string; contentType: string; data: Buffer }): Promise<string>
  /** Bytes of an attachment, undefined where it is not there. */
  attachment(id: string, name: string): Promise<Buffer | undefined>
  /** Makes the database unless it is there: for a database of our own, which no installer makes. @throws Fault STORE_REFUSED when we may not */
  ensureDatabase(): Promise<void>
  /** Adds a design document unless one of that name is there: a deployment's own is used as it is (3.7). */
  ensureDesign(design: DesignDocument): Promise<void>
  stop(signal: AbortSignal): Promise<void>
}

/** The databases of a deployment (3.1), and ours. */
export interface Databases<Store extends DocumentStore = DocumentStore> {
  readonly subjects: Store
  readonly whisks: Store
  readonly activations: Store
  /** Dependency images. OpenWhisk has no such database: who uses it makes it. */
  readonly images: Store
}
