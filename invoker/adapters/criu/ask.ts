import { request } from 'node:http'
import { isJsonObject, type JsonObject } from '../../domain/json.ts'
import type { Endpoint } from '../../ports/containers.ts'

/** More than any answer of a runtime to what is asked here. */
const MAX_CHARACTERS = 4 * 1024 * 1024

/** Asks one of our own runtimes on a connection of its own. @throws Error with its reason when it refuses, or the connection's. */
export async function ask(
  endpoint: Endpoint,
  { path, body, signal }: { readonly path: string; readonly body: JsonObject; readonly signal: AbortSignal },
): Promise<JsonObject> {
  const { status, text } = await post(endpoint, { path, text: JSON.stringify(body), signal })
  const answer: unknown = JSON.parse(text)
  if (!isJsonObject(answer)) throw new Error(`the runtime answered ${path} with ${text.slice(0, 60)}`)
  if (status === 200) return answer
  throw new Error(String(answer['error'] ?? `the runtime answered ${path} with status ${status}`))
}

/** Waits for an answer, but no longer than the runtime lives. */
export async function orItsEnd<T>(exited: Promise<string>, answer: Promise<T>): Promise<T> {
  const end = exited.then((why) => {
    throw new Error(why)
  })
  // Whichever loses the race may still fail.
  answer.catch(() => undefined)
  end.catch(() => undefined)
  return await Promise.race([answer, end])
}

function post(
  endpoint: Endpoint,
  { path, text, signal }: { readonly path: string; readonly text: string; readonly signal: AbortSignal },
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const call = request({ ...endpoint, path, method: 'POST', headers, agent: false, signal }, (answer) => {
      let said = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        said += part
        if (said.length > MAX_CHARACTERS) answer.destroy(new Error(`the answer to ${path} has no end`))
      })
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text: said }))
      answer.once('error', reject)
    })
    call.once('error', reject)
    call.end(text)
  })
}
