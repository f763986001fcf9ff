import { annotation, isTruthy, type KeyValue } from '../../invoker/domain/action.ts'
import type { ActivationMessage } from '../../invoker/domain/activation-message.ts'
import type { Identity } from '../../invoker/domain/identity.ts'
import { newActivationId } from '../../invoker/domain/ids.ts'
import type { JsonObject } from '../../invoker/domain/json.ts'
import type { TransactionId } from '../../invoker/domain/transid.ts'
import type { StoredAction } from '../../invoker/store/action-document.ts'
import { messages } from './messages.ts'
import { RestError } from './rest-error.ts'

/** One invocation: who runs what, with what. */
export interface Invocation {
  readonly action: StoredAction
  readonly user: Identity
  readonly transid: TransactionId
  readonly payload: JsonObject | undefined
  readonly blocking: boolean
  readonly controllerId: string
}

/**
 * Refuses a payload that names a parameter which an action with the annotation `final` defines (protocol reference 8.5).
 * @throws RestError 400.
 */
export function checkFinalParameters(action: StoredAction, payload: JsonObject | undefined): void {
  if (payload === undefined || !isTruthy(annotation(action, 'final') ?? null)) return
  const overridden = action.parameters.some(({ key, value }) => value !== null && Object.hasOwn(payload, key))
  if (overridden) throw new RestError(400, messages.parametersNotAllowed)
}

/** The message that starts an invocation (2.3): parameters of the action, then the payload, which wins. */
export function activationMessage(invocation: Invocation): ActivationMessage {
  const { action, user, transid, payload, blocking, controllerId } = invocation
  return {
    transid,
    action: { path: action.namespace, name: action.name, version: action.version },
    revision: action._rev,
    user,
    activationId: newActivationId(),
    rootControllerIndex: { asString: controllerId, instanceType: 'controller' },
    blocking,
    content: { ...asObject(action.parameters), ...payload },
    initArgs: action.parameters.filter(({ init }) => init).map(({ key }) => key),
    lockedArgs: lockedArgs(action.parameters, payload ?? {}),
  }
}

/** The message as it goes over the wire: compact JSON, the transaction id in its wire form. */
export function encodeMessage(message: ActivationMessage): string {
  return JSON.stringify({ ...message, transid: message.transid.wire })
}

function asObject(parameters: readonly KeyValue[]): JsonObject {
  return Object.fromEntries(parameters.map(({ key, value }) => [key, value]))
}

/** Algorithms of the locked parameters that the caller did not override (3.4). */
function lockedArgs(parameters: readonly KeyValue[], payload: JsonObject): Record<string, string> {
  const locked = parameters.flatMap(({ key, encryption }) =>
    encryption === undefined || Object.hasOwn(payload, key) ? [] : [[key, encryption] as const],
  )
  return Object.fromEntries(locked)
}
