import { type Request, type Response, Router } from 'express'
import type { ActionContext } from './action-context.ts'
import { deleteAction, getAction } from './action-reading.ts'
import { actionTarget } from './action-target.ts'
import { putAction } from './action-writing.ts'
import { answer } from './answer.ts'
import { callerOf } from './call.ts'
import { entitled } from './entitlement.ts'
import { invokeAction } from './invoke.ts'
import { namespaceName } from './names.ts'
import { packagedAction } from './packaged-action.ts'
import { flag, page, queryOf } from './query.ts'

/** `/namespaces/{ns}/actions…` (protocol reference 8.3, 8.4, 8.5). */
export function actionRoutes(context: ActionContext): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const collection = '/:namespace/actions'

  router.get([collection, `${collection}/`], async (request: Request<{ namespace: string }>, response: Response) => {
    const caller = callerOf(response)
    const namespace = namespaceName(request.params.namespace, caller.namespace.name)
    entitled(caller, { namespace })
    const query = queryOf(request)
    const { skip, limit } = page(query, 'actions')
    const { actions } = context
    if (flag(query, 'count', false)) answer(response, { actions: await actions.count({ path: namespace, skip }) })
    else answer(response, await actions.list({ path: namespace, skip, limit }))
  })

  const handlers = { get: getAction, put: putAction, delete: deleteAction, post: invokeAction }
  for (const [method, handle] of Object.entries(handlers)) {
    router[method as keyof typeof handlers](`${collection}/:name`, (request, response) => {
      const target = actionTarget(request.params, {
        caller: callerOf(response),
        throttle: method === 'post' ? context.throttle : undefined,
      })
      return handle(context, { request, response, target })
    })
    router[method as keyof typeof handlers](`${collection}/:package/:name`, packagedAction(context.catalog))
  }
  router.get(`${collection}/:package/`, packagedAction(context.catalog))
  return router
}
