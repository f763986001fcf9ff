import { isJsonObject, type Json, type JsonObject } from '../../invoker/domain/json.ts'

/** An ack as a controller understands it (protocol reference 2.6). */
export interface SeenAck {
  readonly activationId: string
  readonly kind: 'result' | 'completion' | 'combined'
  readonly isSystemError: boolean | undefined
  /** Undefined where the ack carries no response, or the id in its place. */
  readonly statusCode: number | undefined
  readonly result: Json | undefined
}

/** Reads an ack by the controller's rule: there is no type, the members that are there decide. */
export function seenAck(ack: JsonObject): SeenAck {
  const { response, instance, isSystemError } = ack
  const record = isJsonObject(response) ? response : undefined
  const inner = isJsonObject(record?.response) ? record.response : undefined
  const kind = instance === undefined ? 'result' : response === undefined ? 'completion' : 'combined'
  return {
    activationId: String(ack.activationId ?? record?.activationId ?? response),
    kind,
    isSystemError: typeof isSystemError === 'boolean' ? isSystemError : undefined,
    statusCode: inner === undefined ? undefined : Number(inner.statusCode),
    result: inner?.result,
  }
}

/** Whether it frees the slot of its invoker. */
export function isFreeing({ kind }: SeenAck): boolean {
  return kind !== 'result'
}
