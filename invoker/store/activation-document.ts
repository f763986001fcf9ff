import type { KeyValue } from '../domain/action.ts'
import type { WhiskActivation } from '../domain/activation.ts'
import { activationId } from '../domain/ids.ts'
import { isJsonObject, type JsonObject } from '../domain/json.ts'
import type { ActivationResponse, StatusCode } from '../domain/response.ts'
import { Fault } from '../faults/fault.ts'
import type { Document } from '../ports/documents.ts'
import { asDocument } from './as-document.ts'

/** A record as one activation's document: id `namespace/activationId`, `updated` in ms (protocol reference 7.1). */
export function activationDocument(record: WhiskActivation, nowMs: number): Document {
  // The record comes last: members after a spread take V8 ten times as long.
  return asDocument({
    _id: activationDocumentId(record.namespace, record.activationId),
    updated: nowMs,
    entityType: 'activation',
    ...record,
  })
}

/** Document id of an activation. */
export function activationDocumentId(namespace: string, id: string): string {
  return `${namespace}/${id}`
}

/**
 * Reads an activation document (7.1): times may be numbers or ISO texts, `end` 0 is a trigger's.
 * @throws Fault DOCUMENT_UNREADABLE when it is none.
 */
export function readActivation(document: JsonObject): WhiskActivation {
  try {
    return parse(document)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new Fault('DOCUMENT_UNREADABLE', `"${String(document._id)}" is no activation: ${cause.message}`, { cause })
  }
}

function parse(document: JsonObject): WhiskActivation {
  const { duration, cause, response, logs, annotations } = document
  return {
    namespace: text(document, 'namespace'),
    name: text(document, 'name'),
    subject: text(document, 'subject'),
    activationId: activationId(text(document, 'activationId')),
    start: time(document, 'start'),
    end: time(document, 'end'),
    ...(typeof duration === 'number' ? { duration } : {}),
    ...(typeof cause === 'string' ? { cause: activationId(cause) } : {}),
    response: readResponse(response),
    logs: Array.isArray(logs) ? logs.map(String) : wrong('logs'),
    version: text(document, 'version'),
    publish: document.publish === true,
    annotations: Array.isArray(annotations) ? (annotations.filter(isJsonObject) as unknown as KeyValue[]) : [],
  }
}

function readResponse(response: unknown): ActivationResponse {
  if (!isJsonObject(response)) return wrong('response')
  const { statusCode, result, size } = response
  if (typeof statusCode !== 'number' || ![0, 1, 2, 3].includes(statusCode)) return wrong('response.statusCode')
  return {
    statusCode: statusCode as StatusCode,
    ...(result === undefined ? {} : { result }),
    ...(typeof size === 'number' ? { size } : {}),
  }
}

function text(document: JsonObject, name: string): string {
  const value = document[name]
  return typeof value === 'string' ? value : wrong(name)
}

function time(document: JsonObject, name: string): number {
  const value = document[name]
  const ms = typeof value === 'string' ? Date.parse(value) : value
  return typeof ms === 'number' && Number.isFinite(ms) ? ms : wrong(name)
}

function wrong(name: string): never {
  throw new SyntaxError(`"${name}" is missing or wrong`)
}
