import type { ExecutableAction, KeyValue } from '../domain/action.ts'
import type { WhiskActivation } from '../domain/activation.ts'
import type { ActivationMessage } from '../domain/activation-message.ts'
import type { ActivationResponse } from '../domain/response.ts'

/** When an activation did what, in ms since the epoch (protocol reference 7.3). */
export interface Timing {
  readonly start: number
  readonly end: number
  /** Length of /init, if it was called. */
  readonly initMs?: number
  /** When its own work began: start of /init or, in a warm container, of /run. */
  readonly begunMs: number
}

/** What a record tells of an activation that was admitted. */
export interface RecordFacts {
  readonly message: ActivationMessage
  readonly action: ExecutableAction
  readonly response: ActivationResponse
  readonly timing: Timing
  readonly isTimeout: boolean
  /** Annotations beyond OpenWhisk's. */
  readonly more?: readonly KeyValue[]
}

/** The record of an activation (7.1, 7.2), its logs still empty: the form that acks carry. */
export function buildRecord({ message, action, response, timing, isTimeout, more = [] }: RecordFacts): WhiskActivation {
  const { start, end, initMs, begunMs } = timing
  const annotations: KeyValue[] = [
    { key: 'path', value: `${action.namespace}/${action.name}` },
    { key: 'kind', value: action.exec.kind },
    { key: 'limits', value: { ...action.limits } },
    { key: 'timeout', value: isTimeout },
    { key: 'waitTime', value: begunMs - message.transid.startMs },
  ]
  if (initMs !== undefined) annotations.push({ key: 'initTime', value: initMs })
  if (message.cause !== undefined) annotations.push(causedBySequence)
  if (message.action.binding !== undefined) annotations.push({ key: 'binding', value: message.action.binding })
  annotations.push(...more)
  return recordOf(message, { name: action.name, version: action.version, start, end, response, annotations })
}

/** The record of an activation whose action could not be had (3.8): no time passed, and little is known. */
export function fallbackRecord(
  message: ActivationMessage,
  response: ActivationResponse,
  nowMs: number,
): WhiskActivation {
  const { path, name, version = '0.0.1' } = message.action
  const annotations: KeyValue[] = [
    { key: 'path', value: `${path}/${name}` },
    { key: 'kind', value: 'unknown' },
  ]
  if (message.cause !== undefined) annotations.push(causedBySequence)
  return recordOf(message, { name, version, start: nowMs, end: nowMs, response, annotations })
}

/** The presence of `cause` alone decides, for compositions too. */
const causedBySequence: KeyValue = { key: 'causedBy', value: 'sequence' }

/** One literal, since spreading parts together takes ten times as long, and every activation makes one. */
function recordOf(
  { user, activationId, cause }: ActivationMessage,
  about: Pick<WhiskActivation, 'name' | 'version' | 'start' | 'end' | 'response' | 'annotations'>,
): WhiskActivation {
  const { name, version, start, end, response, annotations } = about
  const record = {
    namespace: user.namespace.name,
    name,
    subject: user.subject,
    activationId,
    start,
    end,
    duration: end - start,
    response,
    logs: [],
    version,
    publish: false,
    annotations,
  }
  return cause === undefined ? record : { ...record, cause }
}
