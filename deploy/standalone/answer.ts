import type { ServerResponse } from 'node:http'

/** Headers of every answer that a route of the API gives (protocol reference 8.1). */
export const cors = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent',
  'Access-Control-Allow-Methods': 'GET, DELETE, POST, PUT, HEAD',
} as const

/** Headers of what answers outside the API, which asks for no key. */
export const infoCors = { ...cors, 'Access-Control-Allow-Methods': 'OPTIONS, GET, POST' } as const

/** Sends compact JSON with the given headers. Bypasses Express's `json`, which would add a charset and an entity tag. */
export function sendJson(
  response: ServerResponse,
  {
    status,
    body,
    headers,
  }: { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> },
): void {
  const text = JSON.stringify(body)
  const length = Buffer.byteLength(text)
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': length, ...headers })
  // As text, the body leaves in one write with the head.
  response.end(text)
}

/** Sends what a route of the API found: 200, JSON, CORS. */
export function answer(response: ServerResponse, body: unknown): void {
  sendJson(response, { status: 200, body, headers: cors })
}

/** Sends plain text. */
export function sendText(response: ServerResponse, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(200, {
    'Content-Type': 'text/plain; charset=UTF-8',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
  })
  response.end(text)
}
