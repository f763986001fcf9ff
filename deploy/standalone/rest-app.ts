import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import express, { type NextFunction, type Request, type Response } from 'express'
import { ActionCatalog } from './action-catalog.ts'
import { actionRoutes } from './action-routes.ts'
import { activationRoutes } from './activation-routes.ts'
import { cors, infoCors, sendText } from './answer.ts'
import { authenticate } from './authentication.ts'
import { beginCall } from './call.ts'
import { answerError } from './error-answer.ts'
import { infoRoutes, methodNotAllowed } from './info-routes.ts'
import { invokeFirst } from './invoke-first.ts'
import { notOffered } from './messages.ts'
import { namespaceRoutes } from './namespace-routes.ts'
import { notOfferedRoutes } from './not-offered-routes.ts'
import { noRoute, RestError } from './rest-error.ts'
import type { RestOptions } from './rest-options.ts'
import { Throttle } from './throttle.ts'
import { transactionFrom } from './transaction.ts'

/** Makes OpenWhisk's REST API (protocol reference 8), as far as this server offers it. Serve it with `node:http`. */
export function createRestApp(options: RestOptions): RequestListener {
  const { clock, controller, actions, subjects, log } = options
  const catalog = new ActionCatalog({ store: actions, clock })
  const active = (namespaceUuid: string): number => controller.activeCount(namespaceUuid)
  const throttle = new Throttle({ clock, limits: options.throttles, active })
  const context = { ...options, catalog, throttle }
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    const transid = transactionFrom(request, clock.now())
    beginCall(response, transid)
    response.setHeader('X-Request-ID', transid.id)
  }
  const authenticated = authenticate(subjects)
  const onError = answerError(log)

  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  app.enable('case sensitive routing')
  app.enable('strict routing')

  app.use((request: Request, response: Response, next: NextFunction) => {
    begin(request, response)
    if (request.path.startsWith('/api/v1/web/')) throw new RestError(501, notOffered('web actions'))
    if (request.method !== 'OPTIONS') next()
    else sendText(response, 'OK', isOfApi(request) ? cors : infoCors)
  })
  const checkKey = async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    await authenticated(request, response)
    next()
  }
  app.use('/api/v1/namespaces', checkKey, noHead, [
    actionRoutes(context),
    activationRoutes(options),
    namespaceRoutes(options),
    notOfferedRoutes(),
  ])
  app.use(infoRoutes(options))
  app.use('/api/v1', checkKey, nothingHere)
  app.use(() => {
    throw methodNotAllowed('OPTIONS')
  })
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => onError(error, response))
  return invokeFirst({ context, authenticate: authenticated, begin, onError, others: app })
}

function isOfApi({ path }: Request): boolean {
  return path === '/api/v1' || path.startsWith('/api/v1/')
}

/** Express would answer HEAD like GET; OpenWhisk has no such route. */
function noHead(request: Request, _response: Response, next: NextFunction): void {
  if (request.method === 'HEAD') throw noRoute()
  next()
}

function nothingHere(): never {
  throw noRoute()
}
