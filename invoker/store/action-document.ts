import type { ActionDocument, Attached, Exec, KeyValue } from '../domain/action.ts'
import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts'
import { type Fields, JsonReader } from '../domain/json-reader.ts'
import type { ActionLimits } from '../domain/limits.ts'
import { type Manifest, resolveKind } from '../domain/manifest.ts'
import { Fault } from '../faults/fault.ts'
import type { StoredDocument } from '../ports/documents.ts'
import { isBinaryCode } from './code.ts'

/** An action as read: its kind is concrete, its code may still be a reference. `_attachments` are CouchDB's stubs. */
export interface StoredAction extends ActionDocument {
  readonly _id: string
  readonly _rev: string
  readonly exec: Exec & { readonly binary: boolean }
  readonly _attachments?: JsonObject
}

/**
 * Reads an action document (protocol reference 3.3) in all its old and new forms.
 * @throws Fault DOCUMENT_UNREADABLE: another entity (fact `entityType`), a kind that the manifest lacks, or members missing.
 */
export function readAction(document: StoredDocument, manifest: Manifest): StoredAction {
  const { entityType } = document
  if (typeof entityType === 'string' ? entityType !== 'action' : !isJsonObject(document.exec)) {
    const found = String(entityType ?? 'something else')
    throw new Fault('DOCUMENT_UNREADABLE', `"${document._id}" is ${found}, not an action`, {
      facts: { id: document._id, entityType: found },
    })
  }
  const read = new JsonReader()
  const action: StoredAction = {
    _id: document._id,
    _rev: document._rev,
    namespace: read.text(document.namespace, 'namespace'),
    name: read.text(document.name, 'name'),
    exec: readExec(read, read.object(document.exec, 'exec'), manifest),
    parameters: readPairs(read, document.parameters, 'parameters'),
    limits: readLimits(read, read.object(document.limits, 'limits')),
    version: read.text(document.version, 'version'),
    publish: read.flag(document.publish, 'publish') ?? false,
    annotations: readPairs(read, document.annotations, 'annotations'),
    updated: typeof document.updated === 'number' ? document.updated : 0,
    entityType: 'action',
    ...(isJsonObject(document._attachments) ? { _attachments: document._attachments } : {}),
  }
  if (read.problems.length > 0) {
    throw new Fault('DOCUMENT_UNREADABLE', `"${document._id}" is no action: ${read.problems.join('; ')}`, {
      facts: { id: document._id },
    })
  }
  return action
}

function readExec(read: JsonReader, exec: Fields, manifest: Manifest): StoredAction['exec'] {
  const written = read.text(exec.kind, 'exec.kind').trim().toLowerCase()
  if (written === 'sequence') return { kind: written, binary: false, components: readComponents(read, exec) }
  // An empty main is stored as it is: the runtime judges it.
  const named = exec.main === undefined ? {} : { main: anyText(read, exec.main, 'exec.main') }
  if (written === 'blackbox') {
    const image = read.text(exec.image, 'exec.image')
    return { kind: written, image, ...readCode(read, exec, true), ...named }
  }
  const kind = resolveKind(manifest, written)
  if (kind === undefined && written !== '') {
    read.note('exec.kind', `is "${written}", expected one of ${[...manifest.kinds.keys()].join(', ')}`)
  }
  if (kind?.requireMain && exec.main === undefined) read.note('exec.main', `is missing, "${kind.kind}" needs it`)
  return { kind: kind?.kind ?? written, ...readCode(read, exec, false), ...named }
}

/** Java documents of long ago have their code under `jar`. String code is judged anew, an attachment's flag is believed. */
function readCode(
  read: JsonReader,
  exec: Fields,
  isOptional: boolean,
): { readonly code?: string | Attached; readonly binary: boolean } {
  const code = exec.code ?? exec.jar
  if (isJsonObject(code)) return { code: readAttached(read, code), binary: exec.binary === true }
  if (typeof code === 'string' && !(isOptional && code.trim() === '')) return { code, binary: isBinaryCode(code) }
  if (!isOptional) read.note('exec.code', 'is missing, expected a text or an attachment')
  return { binary: false }
}

function readAttached(read: JsonReader, code: JsonObject): Attached {
  return {
    attachmentName: read.text(code.attachmentName, 'exec.code.attachmentName'),
    attachmentType: read.text(code.attachmentType, 'exec.code.attachmentType'),
    ...(typeof code.length === 'number' ? { length: code.length } : {}),
    ...(typeof code.digest === 'string' ? { digest: code.digest } : {}),
  }
}

/** Components are written with a leading slash; older documents have objects. */
function readComponents(read: JsonReader, exec: Fields): string[] {
  return read.list(exec.components, 'exec.components').map(([component, place]) => {
    if (!isJsonObject(component)) return read.text(component, place)
    return `/${read.text(component.path, `${place}.path`)}/${read.text(component.name, `${place}.name`)}`
  })
}

function readPairs(read: JsonReader, json: Json | undefined, where: string): KeyValue[] {
  return read.list(json ?? [], where).map(([pair, place]) => {
    const fields = read.object(pair, place)
    if (fields.value === undefined) read.note(`${place}.value`, 'is missing')
    return {
      key: anyText(read, fields.key, `${place}.key`),
      // The document came as JSON, so every member is a JSON value.
      value: (fields.value ?? null) as Json,
      ...(fields.init === true ? { init: true } : {}),
      ...(typeof fields.encryption === 'string' ? { encryption: fields.encryption } : {}),
    }
  })
}

/** A text that may be blank: OpenWhisk stores such names as they come. */
function anyText(read: JsonReader, value: unknown, place: string): string {
  return typeof value === 'string' ? value : read.text(value, place)
}

function readLimits(read: JsonReader, limits: Fields): ActionLimits {
  return {
    timeout: read.count(limits.timeout, 'limits.timeout', 0),
    memory: read.count(limits.memory, 'limits.memory', 0),
    logs: read.count(limits.logs ?? 10, 'limits.logs', 0),
    concurrency: read.count(limits.concurrency ?? 1, 'limits.concurrency', 1),
    ...(limits.instances === undefined ? {} : { instances: read.count(limits.instances, 'limits.instances', 0) }),
  }
}
