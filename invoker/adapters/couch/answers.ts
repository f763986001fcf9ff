import { isJsonObject, type Json, type JsonObject } from '../../domain/json.ts'
import { Fault } from '../../faults/fault.ts'
import type { BulkResult, StoredDocument, ViewQuery, ViewRow } from '../../ports/documents.ts'

/** View parameters as CouchDB's query takes them (protocol reference 3.1). nano turns the keys into JSON. */
export function viewParameters(query: ViewQuery): Record<string, Json> {
  const { startKey, endKey, key, keys, skip, limit, descending, includeDocs, reduce, stale } = query
  return {
    reduce: reduce ?? false,
    ...(startKey === undefined ? {} : { startkey: startKey }),
    ...(endKey === undefined ? {} : { endkey: endKey }),
    ...(key === undefined ? {} : { key }),
    ...(keys === undefined ? {} : { keys }),
    ...(skip ? { skip } : {}),
    ...(limit === undefined ? {} : { limit }),
    ...(descending ? { descending } : {}),
    ...(includeDocs ? { include_docs: true } : {}),
    ...(stale ? { stale: 'update_after' } : {}),
  }
}

/** Rows of a view's answer. With documents, null stands for one that is missing. */
export function viewRows(answer: Json, hasDocs: boolean): readonly ViewRow[] {
  const rows = isJsonObject(answer) && Array.isArray(answer.rows) ? answer.rows : []
  return rows.filter(isJsonObject).map(({ id, key = null, value = null, doc }) => ({
    ...(typeof id === 'string' ? { id } : {}),
    key,
    value,
    ...(hasDocs ? { doc: isJsonObject(doc) ? doc : null } : {}),
  }))
}

/** A document as it was answered. */
export function storedDocument(answer: Json, id: string): StoredDocument {
  if (isJsonObject(answer) && typeof answer._rev === 'string') return answer as StoredDocument
  throw new Fault('DOCUMENT_UNREADABLE', `the answer for "${id}" is no document`)
}

/** The revision that a write made. */
export function newRevision(answer: Json | undefined, id: string): string {
  if (isJsonObject(answer) && typeof answer.rev === 'string') return answer.rev
  throw new Fault('STORE_REFUSED', `the answer to writing "${id}" names no revision`)
}

/**
 * What became of each document of a bulk write.
 * @throws Fault STORE_REFUSED when one was refused for another reason than a conflict.
 */
export function bulkResults(answer: Json): readonly BulkResult[] {
  return (Array.isArray(answer) ? answer : []).filter(isJsonObject).map(readResult)
}

function readResult({ id, rev, error, reason }: JsonObject): BulkResult {
  if (typeof id === 'string' && typeof rev === 'string' && error === undefined) return { id, rev }
  if (error === 'conflict') return { id: String(id), conflict: true }
  throw new Fault('STORE_REFUSED', `"${String(id)}" was refused (${String(error)}: ${String(reason)})`)
}
