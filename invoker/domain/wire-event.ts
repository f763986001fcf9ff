import { annotation } from './action.ts'
import type { WhiskActivation } from './activation.ts'
import { isJsonObject, type Json } from './json.ts'

/** Who an event is about, and who tells. */
export interface EventOrigin {
  /** `invoker<id>` or `controller<id>`. */
  readonly source: string
  /** UUID of the namespace. */
  readonly userId: string
  readonly timestamp: number
}

/**
 * Writes the user event of an activation for the topic `events` (protocol reference 2.8).
 * Undefined for a record that lacks the annotations `path` and `kind`.
 */
export function writeActivationEvent(record: WhiskActivation, origin: EventOrigin): string | undefined {
  const path = annotation(record, 'path')
  const kind = annotation(record, 'kind')
  if (typeof path !== 'string' || typeof kind !== 'string') return undefined
  const limits = annotation(record, 'limits')
  const { response } = record
  const causedBy = annotation(record, 'causedBy')
  const userDefinedStatusCode = userStatusCode(response.result)
  return JSON.stringify({
    source: origin.source,
    body: {
      name: path,
      activationId: record.activationId,
      statusCode: response.statusCode,
      duration: record.duration ?? record.end - record.start,
      waitTime: annotation(record, 'waitTime') ?? 0,
      initTime: annotation(record, 'initTime') ?? 0,
      kind,
      conductor: annotation(record, 'conductor') === true,
      memory: isJsonObject(limits) ? (limits.memory ?? 0) : 0,
      ...(causedBy !== undefined && { causedBy }),
      ...(response.size !== undefined && { size: response.size }),
      ...(userDefinedStatusCode !== undefined && { userDefinedStatusCode }),
    },
    subject: record.subject,
    namespace: record.namespace,
    userId: origin.userId,
    eventType: 'Activation',
    timestamp: origin.timestamp,
  })
}

/** `error.statusCode` or `statusCode` of the result; what is no whole number becomes 400. */
function userStatusCode(result: Json | undefined): number | undefined {
  if (!isJsonObject(result)) return undefined
  const code = (isJsonObject(result.error) ? result.error.statusCode : undefined) ?? result.statusCode
  if (code === undefined) return undefined
  return typeof code === 'number' && Number.isInteger(code) ? code : 400
}
