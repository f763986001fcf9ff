import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { adminSocketPath } from './admin-socket.ts'
import type { UserAnswer } from './users.ts'

/** No server listens there. */
const absent = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'])

/**
 * Gives a user command to the server that runs on a data directory; undefined when none runs.
 * @throws Error when it runs and cannot do it, or this user may not ask it.
 */
export async function askServer(dataDir: string, words: readonly string[]): Promise<UserAnswer | undefined> {
  const call = request({ socketPath: adminSocketPath(dataDir), path: '/user', method: 'POST' })
  call.end(JSON.stringify({ words }))
  let response: IncomingMessage
  try {
    ;[response] = (await once(call, 'response')) as [IncomingMessage]
  } catch (error) {
    if (error instanceof Error && 'code' in error && absent.has(String(error.code))) return undefined
    throw error
  }
  const chunks: string[] = []
  response.setEncoding('utf8')
  for await (const chunk of response) chunks.push(String(chunk))
  const body = JSON.parse(chunks.join('')) as UserAnswer & { readonly error?: string }
  if (response.statusCode !== 200) throw new Error(`Cannot run the command on the server: ${body.error}`)
  return body
}
