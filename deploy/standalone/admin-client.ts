import { once } from 'node:events'
import { type IncomingMessage, type RequestOptions, request } from 'node:http'
import { json } from 'node:stream/consumers'
import { adminSocketPath } from './admin-socket.ts'
import type { UserAnswer } from './users.ts'

/** No server listens there. */
const absent = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'])

/** A request to the server that runs on a data directory. */
export interface AdminRequest {
  readonly method: string
  readonly path: string
  /** Sent as JSON. */
  readonly body?: unknown
}

/**
 * Sends a request to the server that runs on a data directory, and gives its response, which the caller reads; undefined when none
 * runs. @throws Error when this user may not ask it.
 */
export async function callServer(
  dataDir: string,
  { method, path, body }: AdminRequest,
): Promise<IncomingMessage | undefined> {
  const options: RequestOptions = { socketPath: adminSocketPath(dataDir), path, method }
  const call = request(options)
  call.end(body === undefined ? undefined : JSON.stringify(body))
  try {
    const [response] = (await once(call, 'response')) as [IncomingMessage]
    return response
  } catch (error) {
    if (error instanceof Error && 'code' in error && absent.has(String(error.code))) return undefined
    throw error
  }
}

/**
 * Gives a user command to the server that runs on a data directory; undefined when none runs.
 * @throws Error when it runs and cannot do it, or this user may not ask it.
 */
export async function askServer(dataDir: string, words: readonly string[]): Promise<UserAnswer | undefined> {
  const response = await callServer(dataDir, { method: 'POST', path: '/user', body: { words } })
  if (response === undefined) return undefined
  const body = (await json(response)) as UserAnswer & { readonly error?: string }
  if (response.statusCode !== 200) throw new Error(`Cannot run the command on the server: ${body.error}`)
  return body
}
