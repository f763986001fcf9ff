import type { Request, RequestHandler, Response } from 'express'
import type { ActionCatalog } from './action-catalog.ts'
import { callerOf } from './call.ts'
import { entitled } from './entitlement.ts'
import { messages, notOffered } from './messages.ts'
import { entityName, namespaceName } from './names.ts'
import { missing, RestError } from './rest-error.ts'

type PackageRequest = Request<{ namespace: string; package: string; name?: string }>

/**
 * The actions of a package, and one of them: there are no packages, so none can be listed, read or run, and one cannot be made.
 * Rights come first, as in OpenWhisk: to read asks for the package, to write for the action; then a package that is
 * something else is a conflict (protocol reference 8.1, 8.4).
 */
export function packagedAction(catalog: ActionCatalog): RequestHandler<PackageRequest['params']> {
  return async (request: PackageRequest, response: Response) => {
    const caller = callerOf(response)
    const namespace = namespaceName(request.params.namespace, caller.namespace.name)
    const outer = entityName(request.params.package)
    const inner = request.params.name === undefined ? undefined : entityName(request.params.name)
    const isWrite = request.method === 'PUT' || request.method === 'DELETE'
    entitled(caller, { namespace, entity: isWrite ? `${outer}/${inner}` : outer })
    const found = await catalog.find(`${namespace}/${outer}`)
    if (found !== undefined) throw new RestError(409, messages.otherCollection)
    throw request.method === 'PUT' ? new RestError(501, notOffered('packages')) : missing()
  }
}
