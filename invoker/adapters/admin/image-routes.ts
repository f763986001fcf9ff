import express, { type ErrorRequestHandler, type Express, type Response, Router } from 'express'
import type { FaultCode } from '../../faults/catalogue.ts'
import { isFault } from '../../faults/fault.ts'
import type { ImageAdmin } from '../../ports/image-admin.ts'
import type { Log } from '../../ports/log.ts'
import { readBuildRequest } from './build-request.ts'

/** What an operator may do of images, where there are any, and the log of what went wrong. */
export interface ImageRoutesOptions {
  /** Absent: images are off. */
  readonly images?: ImageAdmin | undefined
  readonly log: Log
}

/** Faults that say something to who asks, and the status of each; every other error is a mistake of ours. */
const statuses: Partial<Record<FaultCode, number>> = {
  IMAGE_UNKNOWN: 404,
  KIND_UNAVAILABLE: 400,
  IMAGE_UNSUITABLE: 422,
  IMAGE_BUILD: 500,
  STORE_UNAVAILABLE: 503,
  STORE_REFUSED: 503,
}

/**
 * The routes of dependency images; who may ask is for who mounts them. They answer JSON:
 * `GET /images` ImageSummary[], `GET /images/ID` ImageDetails, `DELETE /images/ID` ImageSummary, `GET /images/advice` ImageAdvice.
 * `POST /images` takes a BuildRequest and answers newline-delimited JSON while it builds: `{"progress": BuildProgress}` any number
 * of times, then `{"image": ImageDetails}` or what any error is: `{"error": sentence, "code": name in the catalogue of faults}`.
 */
export function imageRoutes({ images, log }: ImageRoutesOptions): Router {
  const router = Router()
  const admin = (): ImageAdmin => {
    if (images === undefined) throw new Refusal(409, 'Cannot use dependency images: they are off on this invoker')
    return images
  }
  router.get('/images', async (_request, response) => {
    response.json(await admin().list())
  })
  router.get('/images/advice', async (_request, response) => {
    response.json(await admin().advise())
  })
  router.get('/images/:id', async (request, response) => {
    response.json(await admin().show(readId(request.params.id)))
  })
  router.delete('/images/:id', async (request, response) => {
    response.json(await admin().remove(readId(request.params.id)))
  })
  router.post('/images', express.json({ limit: '64kb', type: () => true }), async (request, response) => {
    const wanted = readBuildRequest(request.body)
    if ('problems' in wanted) throw new Refusal(400, `Cannot build the dependency image: ${wanted.problems}`)
    const image = await admin().build(wanted, (progress) => sendLine(response, { progress }))
    sendLine(response, { image })
    response.end()
  })
  router.use(refuse(log))
  return router
}

/** The routes as an HTTP interface of their own, for a socket that only operators can open. */
export function imageApp(options: ImageRoutesOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(imageRoutes(options))
  app.use((_request, response) => {
    response.status(404).json({ error: 'Unknown command' })
  })
  return app
}

/** What was asked is wrong, in a sentence. */
class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

function readId(id: string): string {
  const lower = id.toLowerCase()
  if (/^[0-9a-f]{1,64}$/.test(lower)) return lower
  throw new Refusal(400, `Cannot find the dependency image: an id has up to 64 hexadecimal digits, not "${id}"`)
}

/** Nobody need read: a build goes on when its asker has gone. */
function sendLine(response: Response, line: unknown): void {
  if (response.destroyed) return
  if (!response.headersSent) response.type('application/x-ndjson')
  response.write(`${JSON.stringify(line)}\n`)
}

function refuse(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const { status, body } = answerTo(error)
    if (status === 500) log.error('request about images failed', { method: request.method, path: request.path, error })
    if (response.headersSent) response.end(`${JSON.stringify(body)}\n`)
    else response.status(status).json(body)
  }
}

function answerTo(error: unknown): { readonly status: number; readonly body: Readonly<Record<string, string>> } {
  if (error instanceof Refusal) return { status: error.status, body: { error: error.message } }
  if (isFault(error)) return { status: statuses[error.code] ?? 500, body: { error: error.message, code: error.code } }
  if (isUnreadable(error)) return { status: error.status, body: { error: `Cannot read the request: ${error.message}` } }
  return { status: 500, body: { error: 'Cannot answer: the log says why' } }
}

/** What Express says of a body that is no JSON, or too large. */
function isUnreadable(error: unknown): error is Error & { readonly status: number } {
  return error instanceof Error && 'status' in error && Number(error.status) >= 400 && Number(error.status) < 500
}
