import type { ActivationId } from './ids.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import type { TransactionId } from './transid.ts'

/** The parts of an ack (protocol reference 2.6), as JSON texts where they are texts already. */
export interface AckParts {
  readonly transid: TransactionId
  readonly activationId: ActivationId
  /** The record as a JSON text, its logs empty. Absent: the response is shrunk to the id. */
  readonly recordJson?: string
}

/** Writes acks of one invoker. The texts are put together from parts: a result is serialised once, whatever is sent of it. */
export class AckWriter {
  readonly #instance: string

  /** `instance` names the invoker whose slot is freed (2.5). */
  constructor(instance: object) {
    this.#instance = JSON.stringify(instance)
  }

  /** Carries the result; the slot stays busy. */
  result(parts: AckParts): string {
    return `{"transid":${transidJson(parts)},"response":${responseJson(parts)}}`
  }

  /** Frees the slot. `isSystemError` is true for status 3 only. */
  completion(parts: AckParts, isSystemError: boolean): string {
    return `{"transid":${transidJson(parts)},"activationId":"${parts.activationId}",${this.#frees(isSystemError)}}`
  }

  /** Carries the result and frees the slot. */
  combined(parts: AckParts, isSystemError: boolean): string {
    return `{"transid":${transidJson(parts)},"response":${responseJson(parts)},${this.#frees(isSystemError)}}`
  }

  #frees(isSystemError: boolean): string {
    return `"isSystemError":${isSystemError},"instance":${this.#instance}`
  }
}

function transidJson({ transid }: AckParts): string {
  return JSON.stringify(transid.wire)
}

function responseJson({ recordJson, activationId }: AckParts): string {
  return recordJson ?? `"${activationId}"`
}

/** What an ack says, as far as recovery needs it. */
export interface AckSeen {
  readonly activationId: string
  /** Whether the slot was freed: a completion or a combined ack. */
  readonly isFreeing: boolean
  /** The record, unless it was shrunk or never there. */
  readonly record?: JsonObject
}

/** Reads an ack of any invoker; undefined for what is none. */
export function readAck(value: Buffer): AckSeen | undefined {
  const json = parse(value)
  if (!isJsonObject(json)) return undefined
  const { response } = json
  const record = isJsonObject(response) ? response : undefined
  const id = response === undefined ? json.activationId : (record?.activationId ?? response)
  if (typeof id !== 'string') return undefined
  return { activationId: id, isFreeing: json.instance !== undefined, ...(record && { record }) }
}

function parse(value: Buffer): Json | undefined {
  try {
    return JSON.parse(value.toString('utf8')) as Json
  } catch {
    // Not ours to judge: the controller logs what it cannot read.
    return undefined
  }
}
