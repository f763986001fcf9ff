import express, { type Express, type RequestHandler, Router } from 'express'
import { newTransactionId } from '../../domain/transid.ts'
import { hasCredentials } from './credentials.ts'
import { type ImageRoutesOptions, imageRoutes } from './image-routes.ts'

/** The invoker as its operators see it: whether it asks for work. Switching to what already holds changes nothing. */
export interface InvokerSwitch {
  readonly isEnabled: boolean
  enable(): Promise<void>
  disable(): Promise<void>
}

/** Where metrics come from. */
export interface MetricsSource {
  readonly contentType: string
  text(): Promise<string>
}

/** The routes that need no credentials: `/ping` and `/metrics`. Standalone mounts them on its REST port. */
export function openRoutes(metrics: MetricsSource): Router {
  const router = Router()
  router.get('/ping', (_request, response) => {
    response.type('text/plain').send('pong')
  })
  router.get('/metrics', async (_request, response) => {
    response.set('Content-Type', metrics.contentType).send(await metrics.text())
  })
  return router
}

/** What the admin port serves. `name` is the invoker's, as `invoker0/unique/displayed`. */
export interface AdminOptions {
  readonly name: string
  readonly credentials: { readonly username: string; readonly password: string }
  readonly invoker: InvokerSwitch
  readonly metrics: MetricsSource
  /** What is answered about dependency images; absent: nothing. */
  readonly images?: ImageRoutesOptions
}

/** The HTTP interface of an invoker (protocol reference 4.6): what is not there, and what lacks credentials, is 401. */
export function adminApp(options: AdminOptions): Express {
  const { name, invoker } = options
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(openRoutes(options.metrics))
  app.use((request, response, next) => {
    if (hasCredentials(request.headers.authorization, options.credentials)) next()
    else unauthorized(request, response, next)
  })
  app.post('/enable', async (_request, response) => {
    const already = invoker.isEnabled
    if (!already) await invoker.enable()
    response.type('text/plain').send(`${name} is ${already ? 'already' : 'now'} enabled.`)
  })
  app.post('/disable', async (_request, response) => {
    const already = !invoker.isEnabled
    if (!already) await invoker.disable()
    response.type('text/plain').send(`${name} is ${already ? 'already' : 'now'} disabled.`)
  })
  app.get('/isEnabled', (_request, response) => {
    response.type('text/plain').send(JSON.stringify({ enabled: invoker.isEnabled }))
  })
  if (options.images) app.use(imageRoutes(options.images))
  app.use(unauthorized)
  return app
}

const unauthorized: RequestHandler = (_request, response) => {
  response.status(401).set('WWW-Authenticate', 'Basic realm="OpenWhisk secure realm"').json({
    code: newTransactionId().id,
    error: 'The resource requires authentication, which was not supplied with the request',
  })
}
