import { type Request, type Response, Router } from 'express'
import type { WhiskActivation } from '../../invoker/domain/activation.ts'
import type { ActivationQuery } from '../../invoker/store/activations.ts'
import { activationView, responseView } from './activation-view.ts'
import { answer } from './answer.ts'
import { callerOf } from './call.ts'
import { entitled } from './entitlement.ts'
import { messages } from './messages.ts'
import { activationIdOf, namespaceName } from './names.ts'
import { flag, instant, nameFilter, page, queryOf } from './query.ts'
import { missing, RestError } from './rest-error.ts'
import type { RestOptions } from './rest-options.ts'

type ActivationRequest = Request<{ namespace: string; id: string }>

/** `/namespaces/{ns}/activations…` (protocol reference 8.10). */
export function activationRoutes({ activations }: Pick<RestOptions, 'activations'>): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const collection = '/:namespace/activations'

  router.get([collection, `${collection}/`], async (request: Request<{ namespace: string }>, response: Response) => {
    const caller = callerOf(response)
    const namespace = namespaceName(request.params.namespace, caller.namespace.name)
    entitled(caller, { namespace })
    const { query, count, docs } = readQuery(request, namespace)
    if (count) answer(response, { activations: await activations.count(query) })
    else if (docs) answer(response, (await activations.records(query)).map(activationView))
    else answer(response, await activations.list(query))
  })

  const record = async (request: ActivationRequest, response: Response): Promise<WhiskActivation> => {
    const caller = callerOf(response)
    const namespace = namespaceName(request.params.namespace, caller.namespace.name)
    const id = activationIdOf(request.params.id)
    entitled(caller, { namespace, entity: id })
    const found = await activations.get(namespace, id)
    if (found === undefined) throw missing()
    return found
  }
  const one = `${collection}/:id`
  router.get([one, `${one}/`], async (request: ActivationRequest, response) => {
    answer(response, activationView(await record(request, response)))
  })
  router.get(`${one}/result`, async (request: ActivationRequest, response) => {
    answer(response, responseView((await record(request, response)).response))
  })
  router.get(`${one}/logs`, async (request: ActivationRequest, response) => {
    answer(response, { logs: (await record(request, response)).logs })
  })
  // A wrong id is told of before a path that is none.
  router.get(`${one}/*rest`, (request: ActivationRequest, _response, next) => {
    activationIdOf(request.params.id)
    next()
  })
  return router
}

function readQuery(
  request: Request,
  namespace: string,
): { readonly query: ActivationQuery; readonly count: boolean; readonly docs: boolean } {
  const query = queryOf(request)
  const { skip, limit } = page(query, 'activations')
  const count = flag(query, 'count', false)
  const docs = flag(query, 'docs', false)
  const name = nameFilter(query)
  const since = instant(query, 'since')
  const upto = instant(query, 'upto')
  if (count && docs) throw new RestError(400, messages.docsWithCount)
  // CouchDB refuses a range that ends before it begins.
  if (upto !== undefined && (since ?? 0) > upto) throw new RestError(500, messages.internal)
  return {
    query: {
      namespace,
      skip,
      limit,
      ...(name === undefined ? {} : { name }),
      ...(since === undefined ? {} : { since }),
      ...(upto === undefined ? {} : { upto }),
    },
    count,
    docs,
  }
}
