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
  return {
    ...common(message),
    name: action.name,
    start,
    end,
    duration: end - start,
    response,
    version: action.version,
    annotations: [
      { key: 'path', value: `${action.namespace}/${action.name}` },
      { key: 'kind', value: action.exec.kind },
      { key: 'limits', value: { ...action.limits } },
      { key: 'timeout', value: isTimeout },
      { key: 'waitTime', value: begunMs - message.transid.startMs },
      ...(initMs === undefined ? [] : [{ key: 'initTime', value: initMs }]),
      ...causedBy(message),
      ...(message.action.binding === undefined ? [] : [{ key: 'binding', value: message.action.binding }]),
      ...more,
    ],
  }
}

/** The record of an activation whose action could not be had (3.8): no time passed, and little is known. */
export function fallbackRecord(
  message: ActivationMessage,
  response: ActivationResponse,
  nowMs: number,
): WhiskActivation {
  const { path, name, version } = message.action
  return {
    ...common(message),
    name,
    start: nowMs,
    end: nowMs,
    duration: 0,
    response,
    version: version ?? '0.0.1',
    annotations: [{ key: 'path', value: `${path}/${name}` }, { key: 'kind', value: 'unknown' }, ...causedBy(message)],
  }
}

function common(
  message: ActivationMessage,
): Pick<WhiskActivation, 'namespace' | 'subject' | 'activationId' | 'cause' | 'logs' | 'publish'> {
  return {
    namespace: message.user.namespace.name,
    subject: message.user.subject,
    activationId: message.activationId,
    ...(message.cause !== undefined && { cause: message.cause }),
    logs: [],
    publish: false,
  }
}

/** The presence of `cause` alone decides, for compositions too. */
function causedBy(message: ActivationMessage): readonly KeyValue[] {
  return message.cause === undefined ? [] : [{ key: 'causedBy', value: 'sequence' }]
}
