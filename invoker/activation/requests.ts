import { annotation, type ExecutableAction, isTruthy } from '../domain/action.ts'
import type { ActivationMessage } from '../domain/activation-message.ts'
import type { JsonObject } from '../domain/json.ts'
import type { ActionArguments } from './arguments.ts'

/** What both requests are made from. */
export interface RequestFacts {
  readonly message: ActivationMessage
  readonly action: ExecutableAction
  readonly args: ActionArguments
}

/** Body of POST /init (protocol reference 6.1). */
export function initRequest({ message, action, args }: RequestFacts, nowMs: number): JsonObject {
  const { exec } = action
  return {
    value: {
      name: action.name,
      main: exec.main ?? 'main',
      binary: exec.binary,
      ...(exec.code !== undefined && { code: exec.code }),
      env: {
        ...args.env,
        ...authEnv(message, action),
        __OW_NAMESPACE: message.user.namespace.name,
        __OW_ACTION_NAME: actionName(message),
        __OW_ACTION_VERSION: actionVersion(message, action),
        __OW_ACTIVATION_ID: message.activationId,
        __OW_TRANSACTION_ID: message.transid.id,
        __OW_DEADLINE: String(nowMs + action.limits.timeout),
      },
    },
  }
}

/** Body of POST /run (6.2). */
export function runRequest({ message, action, args }: RequestFacts, nowMs: number): JsonObject {
  return {
    ...(mayHaveKey(action) && message.user.authkey),
    value: args.value,
    namespace: message.user.namespace.name,
    action_name: actionName(message),
    action_version: actionVersion(message, action),
    activation_id: message.activationId,
    transaction_id: message.transid.id,
    deadline: String(nowMs + action.limits.timeout),
  }
}

/** The package behind a binding, not the binding. */
function actionName({ action }: ActivationMessage): string {
  return `/${action.path}/${action.name}`
}

function actionVersion(message: ActivationMessage, action: ExecutableAction): string {
  return message.action.version ?? action.version
}

/** Controllers say `provide-api-key: false` on every new action; an action that says nothing gets the key. */
function mayHaveKey(action: ExecutableAction): boolean {
  const provide = annotation(action, 'provide-api-key')
  return provide === undefined || isTruthy(provide)
}

function authEnv(message: ActivationMessage, action: ExecutableAction): JsonObject {
  if (!mayHaveKey(action)) return {}
  const entries = Object.entries(message.user.authkey)
  return Object.fromEntries(entries.map(([key, value]) => [`__OW_${key.toUpperCase()}`, value]))
}
