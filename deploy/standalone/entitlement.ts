import type { Identity } from '../../invoker/domain/identity.ts'
import { kindNotAllowed, notAuthorized } from './messages.ts'
import { RestError } from './rest-error.ts'

/**
 * Who may do what (protocol reference 8.1): everything in the own namespace; nothing elsewhere, since only published packages
 * are shared, and this server has none.
 * @throws RestError 403 that names `namespace` or `namespace/entity`.
 */
export function entitled(
  identity: Identity,
  { namespace, entity }: { readonly namespace: string; readonly entity?: string },
): void {
  if (namespace === identity.namespace.name) return
  throw new RestError(403, notAuthorized(entity === undefined ? namespace : `${namespace}/${entity}`))
}

/** Whether the caller's `allowedKinds` have this kind; none given means all are allowed. @throws RestError 403. */
export function kindAllowed(identity: Identity, kind: string): void {
  const allowed = identity.limits.allowedKinds ?? []
  if (allowed.length > 0 && !allowed.includes(kind)) throw new RestError(403, kindNotAllowed(kind))
}
