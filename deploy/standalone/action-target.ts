import { entityId } from '../../invoker/domain/action.ts'
import type { Identity } from '../../invoker/domain/identity.ts'
import type { ActionTarget } from './action-context.ts'
import { entitled } from './entitlement.ts'
import { entityName, namespaceName } from './names.ts'
import type { Throttle } from './throttle.ts'

/**
 * Where the decoded segments of an action's path lead, for a caller who may go there; `throttle` counts an invocation.
 * @throws RestError 400 for what is no name, 429, 403.
 */
export function actionTarget(
  path: { readonly namespace: string; readonly name: string },
  { caller, throttle }: { readonly caller: Identity; readonly throttle: Throttle | undefined },
): ActionTarget {
  const namespace = namespaceName(path.namespace, caller.namespace.name)
  const name = entityName(path.name)
  // As in OpenWhisk, an invocation counts before anybody looks whether it is allowed.
  throttle?.admit(caller)
  entitled(caller, { namespace, entity: name })
  return { namespace, name, id: entityId({ namespace, name }) }
}
