import type { Row } from 'pouchdb-core'
import { isJsonObject, type Json, type JsonObject } from '../../domain/json.ts'
import type { ViewQuery, ViewRow } from '../../ports/documents.ts'
import { withStubs } from './attachment-stubs.ts'

/** View parameters as PouchDB takes them. */
export function viewOptions(query: ViewQuery): JsonObject {
  const { startKey, endKey, key, keys, skip, limit, descending, includeDocs, reduce, stale } = query
  return {
    reduce: reduce ?? false,
    ...(startKey === undefined ? {} : { startkey: startKey }),
    ...(endKey === undefined ? {} : { endkey: endKey }),
    ...(key === undefined ? {} : { key }),
    ...(keys === undefined ? {} : { keys: [...keys] }),
    ...(skip ? { skip } : {}),
    ...(limit === undefined ? {} : { limit }),
    ...(descending ? { descending } : {}),
    ...(includeDocs ? { include_docs: true } : {}),
    ...(stale ? { stale: 'update_after' } : {}),
  }
}

/** Rows of a PouchDB query. With documents, a row whose document is missing says so by null, as CouchDB's. */
export function viewRows(rows: readonly Row[], hasDocs: boolean): readonly ViewRow[] {
  return rows.map(({ id, key, value, doc }) => ({
    ...(id === undefined ? {} : { id }),
    // Keys and values are what map functions emitted: JSON, where undefined became null.
    key: (key ?? null) as Json,
    value: (value ?? null) as Json,
    ...(hasDocs ? { doc: isJsonObject(doc) ? withStubs(doc) : null } : {}),
  }))
}
