import { isJsonObject, type JsonObject } from '../domain/json.ts'
import type { DocumentStore, ViewQuery, ViewRow } from '../ports/documents.ts'

/** Which entities to list. `path` is a namespace or `namespace/package`; times in ms, inclusive; `limit` 0 is no limit. */
export interface EntityQuery {
  readonly path: string
  readonly since?: number
  readonly upto?: number
  readonly skip?: number
  readonly limit?: number
}

/** A view, and whether its answer may lack the newest. */
export interface EntityView {
  readonly design: string
  readonly view: string
  readonly isStaleAllowed?: boolean
}

/** Above every number and every name: closes a range of keys (protocol reference 3.7). */
const top = '\ufff0'

/** Rows of a list view, newest first. `docs` links the documents. */
export function listRows(
  store: DocumentStore,
  query: EntityQuery & EntityView & { readonly docs?: boolean },
): Promise<readonly ViewRow[]> {
  const { from, to } = range(query)
  return store.view(query.design, query.view, {
    startKey: to,
    endKey: from,
    descending: true,
    reduce: false,
    ...(query.skip ? { skip: query.skip } : {}),
    ...(query.limit ? { limit: query.limit } : {}),
    ...(query.docs ? { includeDocs: true } : {}),
    ...staleness(query),
  })
}

/** Summaries as the view has them, newest first. */
export async function listEntities(
  store: DocumentStore,
  query: EntityQuery & EntityView,
): Promise<readonly JsonObject[]> {
  const rows = await listRows(store, query)
  return rows.map((row) => row.value).filter(isJsonObject)
}

/** `max(0, total − skip)` (3.1). */
export async function countEntities(store: DocumentStore, query: EntityQuery & EntityView): Promise<number> {
  const { from, to } = range(query)
  const rows = await store.view(query.design, query.view, {
    startKey: from,
    endKey: to,
    reduce: true,
    ...staleness(query),
  })
  const total = rows[0]?.value
  return Math.max(0, (typeof total === 'number' ? total : 0) - (query.skip ?? 0))
}

function range({ path, since, upto }: EntityQuery): {
  readonly from: (string | number)[]
  readonly to: (string | number)[]
} {
  return { from: [path, since ?? 0], to: [path, upto ?? top, top] }
}

function staleness({ isStaleAllowed }: EntityView): Pick<ViewQuery, 'stale'> {
  return isStaleAllowed ? { stale: true } : {}
}
