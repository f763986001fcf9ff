import { isJsonObject, type Json, type JsonObject } from '../../domain/json.ts'
import { Fault } from '../../faults/fault.ts'
import type { Document, StoredDocument } from '../../ports/documents.ts'

/** Where a document keeps what it knows of its attachments: PouchDB must not take them for its own, which it holds in memory. */
const member = 'warmwhisk:attachments'

/** An attachment as it is noted in its document. `digest` is `sha256-` and the name of its file. */
interface Noted {
  readonly content_type: string
  readonly revpos: number
  readonly digest: string
  readonly length: number
}

/** A document as callers know it: its attachments are CouchDB's stubs. */
export function withStubs(stored: JsonObject): JsonObject {
  const { [member]: noted, ...document } = stored
  if (!isJsonObject(noted)) return document
  const stubs = Object.entries(noted).map(([name, one]) => [name, { ...(one as JsonObject), stub: true }])
  return { ...document, _attachments: Object.fromEntries(stubs) }
}

/**
 * A document as it is written: of `previous` (as stored) it keeps the attachments that it has stubs of, as CouchDB does.
 * @throws Fault STORE_REFUSED for a stub of what is not there.
 */
export function withoutStubs(document: Document, previous: JsonObject | undefined): Document {
  const { _attachments: stubs, ...rest } = document
  if (!isJsonObject(stubs)) return rest as Document
  const there = notesOf(previous)
  const kept = Object.keys(stubs).map((name): [string, Json] => {
    const note = there[name]
    if (note === undefined) throw new Fault('STORE_REFUSED', `"${document._id}" has no attachment "${name}" to keep`)
    return [name, note]
  })
  return kept.length === 0 ? (rest as Document) : ({ ...rest, [member]: Object.fromEntries(kept) } as Document)
}

/** The stored document with one attachment more, or another in its place. */
export function withAttachment(
  stored: StoredDocument,
  {
    name,
    ...noted
  }: { readonly name: string; readonly contentType: string; readonly file: string; readonly length: number },
): Document {
  const note = {
    content_type: noted.contentType,
    revpos: Number.parseInt(stored._rev, 10) + 1,
    digest: `sha256-${noted.file}`,
    length: noted.length,
  } satisfies Noted
  return { ...stored, [member]: { ...notesOf(stored), [name]: note } } as Document
}

/** Files that a stored document refers to. */
export function filesOf(stored: JsonObject | undefined): readonly string[] {
  return Object.keys(notesOf(stored)).flatMap((name) => fileOf(stored, name) ?? [])
}

/** The file of one attachment of a stored document. */
export function fileOf(stored: JsonObject | undefined, name: string): string | undefined {
  const note = notesOf(stored)[name]
  const digest = isJsonObject(note) ? note.digest : undefined
  return typeof digest === 'string' ? digest.replace(/^sha256-/, '') : undefined
}

function notesOf(stored: JsonObject | undefined): JsonObject {
  const noted = stored?.[member]
  return isJsonObject(noted) ? noted : {}
}
