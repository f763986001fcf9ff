import type { Request, Response } from 'express'
import { callerOf } from './call.ts'
import { entitled } from './entitlement.ts'
import { notOffered } from './messages.ts'
import { entityName, namespaceName } from './names.ts'
import { page, queryOf } from './query.ts'
import { missing, RestError } from './rest-error.ts'

/**
 * An action in a package: there are no packages, so none can be read or run, and one cannot be made. Rights come first, as in
 * OpenWhisk: to read asks for the package, to write for the action (protocol reference 8.1).
 */
export function packagedAction(
  request: Request<{ namespace: string; package: string; name: string }>,
  response: Response,
): void {
  const caller = callerOf(response)
  const namespace = namespaceName(request.params.namespace, caller.namespace.name)
  const outer = entityName(request.params.package)
  const inner = entityName(request.params.name)
  const isWrite = request.method === 'PUT' || request.method === 'DELETE'
  entitled(caller, { namespace, entity: isWrite ? `${outer}/${inner}` : outer })
  throw request.method === 'PUT' ? new RestError(501, notOffered('packages')) : missing()
}

/** The list of a package's actions. */
export function noPackage(request: Request<{ namespace: string; package: string }>, response: Response): void {
  const caller = callerOf(response)
  const namespace = namespaceName(request.params.namespace, caller.namespace.name)
  entitled(caller, { namespace, entity: entityName(request.params.package) })
  page(queryOf(request), 'actions')
  throw missing()
}
