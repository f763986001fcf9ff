import { type Request, type Response, Router } from 'express'
import { answer } from './answer.ts'
import { callerOf } from './call.ts'
import { entitled } from './entitlement.ts'
import { namespaceName } from './names.ts'
import { effectiveLimits } from './namespace-limits.ts'
import type { RestOptions } from './rest-options.ts'

/** `/namespaces` and `/namespaces/{ns}/limits` (protocol reference 8.3). */
export function namespaceRoutes({ limits, throttles }: Pick<RestOptions, 'limits' | 'throttles'>): Router {
  const router = Router({ caseSensitive: true, strict: true })

  router.get('/', (_request, response) => {
    answer(response, [callerOf(response).namespace.name])
  })
  router.get(
    ['/:namespace/limits', '/:namespace/limits/'],
    (request: Request<{ namespace: string }>, response: Response) => {
      const caller = callerOf(response)
      const namespace = namespaceName(request.params.namespace, caller.namespace.name)
      entitled(caller, { namespace })
      // The sequence length is none of a namespace's limits.
      const { sequenceLength: _sequenceLength, ...own } = throttles
      answer(response, effectiveLimits(caller.limits, { system: limits, throttles: own }))
    },
  )
  return router
}
