import type { Document } from '../ports/documents.ts'

/** Takes an entity for a document: entities are JSON, but TypeScript gives interfaces no index signature. Members that are undefined are not written. */
export function asDocument<T extends { readonly _id: string }>(entity: T): Document {
  return entity as unknown as Document
}
