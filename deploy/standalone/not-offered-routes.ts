import { type Request, type Response, Router } from 'express'
import { answer } from './answer.ts'
import { callerOf } from './call.ts'
import { entitled } from './entitlement.ts'
import { notOffered } from './messages.ts'
import { entityName, namespaceName } from './names.ts'
import { flag, page, queryOf } from './query.ts'
import { RestError } from './rest-error.ts'

const collections = ['packages', 'triggers', 'rules'] as const
const methods = ['get', 'put', 'delete', 'post'] as const

/**
 * Packages, triggers and rules: there are none, so their lists are empty (`wsk list` asks for them); all else is 501 and names
 * what is not there. Rights come first, as everywhere (protocol reference 8.7–8.9).
 */
export function notOfferedRoutes(): Router {
  const router = Router({ caseSensitive: true, strict: true })
  for (const collection of collections) {
    const path = `/:namespace/${collection}`
    router.get([path, `${path}/`], (request: Request<{ namespace: string }>, response: Response) => {
      const caller = callerOf(response)
      const namespace = namespaceName(request.params.namespace, caller.namespace.name)
      // Anybody may look for the published packages of others.
      if (collection !== 'packages') entitled(caller, { namespace })
      const query = queryOf(request)
      page(query, collection)
      answer(response, flag(query, 'count', false) ? { [collection]: 0 } : [])
    })
    for (const method of methods) {
      router[method](`${path}/:name`, (request: Request<{ namespace: string; name: string }>, response: Response) => {
        const caller = callerOf(response)
        const namespace = namespaceName(request.params.namespace, caller.namespace.name)
        entitled(caller, { namespace, entity: entityName(request.params.name) })
        throw new RestError(501, notOffered(collection))
      })
    }
  }
  return router
}
