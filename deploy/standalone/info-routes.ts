import { type NextFunction, type Request, type Response, Router } from 'express'
import type { Manifest } from '../../invoker/domain/manifest.ts'
import { MiB } from '../../invoker/domain/size.ts'
import { answer, cors, infoCors, sendJson, sendText } from './answer.ts'
import { apiDocs, infoDocs } from './api-docs.ts'
import { noRoute, RestError } from './rest-error.ts'
import type { RestOptions } from './rest-options.ts'

/** Routes that ask for no key (protocol reference 8.2): `/`, `/ping`, `/api/v1`, documentation, and the state of the invokers. */
export function infoRoutes(options: RestOptions): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const offer = (paths: string | string[], handle: (request: Request, response: Response) => void): void => {
    router.all(paths, (request: Request, response: Response) => {
      if (request.method !== 'GET') throw methodNotAllowed('GET, OPTIONS')
      handle(request, response)
    })
  }
  const about = describe(options)
  offer('/', (_request, response) => sendJson(response, { status: 200, body: about }))
  offer('/ping', (_request, response) => sendText(response, 'pong'))
  if (options.metrics) router.get('/metrics', showMetrics(options.metrics))
  offer(['/invokers', '/invokers/'], (_request, response) => sendInfo(response, options.invokers()))
  offer('/invokers/healthy/count', (_request, response) => sendInfo(response, health(options).up))
  offer('/invokers/ready', (_request, response) => {
    const { up, all } = health(options)
    const isReady = up > 0 && up === all
    const body = isReady ? { healthy: `${up}/${all}` } : { unhealthy: `${all - up}/${all}` }
    sendJson(response, { status: isReady ? 200 : 500, body, headers: infoCors })
  })
  offer('/api-docs', (_request, response) => sendJson(response, { status: 200, body: infoDocs }))
  offer('/docs', (_request, response) => redirect(response, { to: 'docs/index.html?url=/api-docs', headers: {} }))
  offer('/docs/*rest', () => {
    throw noRoute()
  })
  const { date, number } = options.build
  const version = {
    description: 'OpenWhisk API',
    api_version: '1.0.0',
    api_version_path: 'v1',
    build: date,
    buildno: number,
    swagger_paths: { ui: '/docs', 'api-docs': '/api-docs' },
  }
  const offerInApi = (paths: string | string[], handle: (response: Response) => void): void => {
    // HEAD comes here too, and is none of the API's verbs.
    router.get(paths, (request: Request, response: Response, next: NextFunction) =>
      request.method === 'GET' ? handle(response) : next(),
    )
  }
  offerInApi(['/api/v1', '/api/v1/'], (response) => answer(response, version))
  offerInApi(['/api/v1/api-docs', '/api/v1/api-docs/'], (response) => answer(response, apiDocs))
  offerInApi('/api/v1/docs', (response) =>
    redirect(response, { to: 'docs/index.html?url=/api/v1/api-docs', headers: cors }),
  )
  return router
}

/** 405: the only verbs are these. */
export function methodNotAllowed(allow: string): RestError {
  const text = `HTTP method not allowed, supported methods: ${allow}`
  return new RestError(405, text, { isRejection: true, headers: { Allow: allow } })
}

/** What `GET /` tells of this server. Durations in ms, sizes in bytes. */
function describe({ limits: { timeout, memory, logs }, throttles, manifest }: RestOptions): object {
  const bounds = (prefix: string): object => ({
    [`${prefix}min_action_duration`]: timeout.min,
    [`${prefix}max_action_duration`]: timeout.max,
    [`${prefix}min_action_memory`]: memory.min * MiB,
    [`${prefix}max_action_memory`]: memory.max * MiB,
    [`${prefix}min_action_logs`]: logs.min * MiB,
    [`${prefix}max_action_logs`]: logs.max * MiB,
  })
  return {
    description: 'OpenWhisk',
    support: { github: 'https://github.com/apache/openwhisk/issues', slack: 'http://slack.openwhisk.org' },
    api_paths: ['/api/v1'],
    limits: {
      actions_per_minute: throttles.invocationsPerMinute,
      triggers_per_minute: throttles.firesPerMinute,
      concurrent_actions: throttles.concurrentInvocations,
      sequence_length: throttles.sequenceLength,
      ...bounds('default_'),
      ...bounds(''),
    },
    runtimes: runtimes(manifest),
  }
}

function runtimes({ kinds }: Manifest): Readonly<Record<string, readonly object[]>> {
  const families = new Map<string, object[]>()
  for (const { family, kind, image, deprecated, isDefault, attached, requireMain } of kinds.values()) {
    const versions = families.get(family) ?? []
    versions.push({ kind, image, deprecated, default: isDefault, attached, requireMain })
    families.set(family, versions)
  }
  return Object.fromEntries(families)
}

function showMetrics(metrics: NonNullable<RestOptions['metrics']>) {
  return async (_request: Request, response: Response): Promise<void> => {
    const text = await metrics.text()
    response.setHeader('Content-Type', metrics.contentType)
    response.end(text)
  }
}

function sendInfo(response: Response, body: unknown): void {
  sendJson(response, { status: 200, body, headers: infoCors })
}

function health({ invokers }: RestOptions): { readonly up: number; readonly all: number } {
  const states = Object.values(invokers())
  return { up: states.filter((state) => state === 'up').length, all: states.length }
}

function redirect(
  response: Response,
  { to, headers }: { readonly to: string; readonly headers: Record<string, string> },
): void {
  const text = `The request, and all future requests should be repeated using <a href="${to}">this URI</a>.`
  response.writeHead(308, { Location: to, 'Content-Type': 'text/html; charset=UTF-8', ...headers })
  response.end(text)
}
