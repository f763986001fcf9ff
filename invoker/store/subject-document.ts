import { isJsonObject, type JsonObject } from '../domain/json.ts'
import { Fault } from '../faults/fault.ts'
import type { StoredDocument } from '../ports/documents.ts'

/** A key of a subject: an invocation namespace, and the two halves of its basic auth. */
export interface NamespaceKey {
  readonly name: string
  readonly uuid: string
  readonly key: string
}

/** A subject as stored (protocol reference 3.6). */
export interface Subject {
  readonly subject: string
  readonly namespaces: readonly NamespaceKey[]
  readonly blocked: boolean
}

/** A subject read, with what a write needs. */
export interface StoredSubject extends Subject {
  readonly _id: string
  readonly _rev: string
}

/** @throws Fault DOCUMENT_UNREADABLE when the document is no subject. */
export function readSubject(document: StoredDocument): StoredSubject {
  const { _id, _rev, subject, namespaces, blocked } = document
  if (typeof subject !== 'string' || !Array.isArray(namespaces)) {
    throw new Fault('DOCUMENT_UNREADABLE', `"${_id}" is no subject`, { facts: { id: _id } })
  }
  return {
    _id,
    _rev,
    subject,
    namespaces: namespaces.filter(isJsonObject).map(readNamespace),
    blocked: blocked === true,
  }
}

function readNamespace({ name, uuid, key }: JsonObject): NamespaceKey {
  return { name: String(name), uuid: String(uuid), key: String(key) }
}
