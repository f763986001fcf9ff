import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { json } from 'node:stream/consumers'
import type { Container } from '../../invoker/ports/containers.ts'

/** An action that runs what it is given; what that leaves in `result` is the answer. */
const action = `
import os, sys
def main(parameters):
    names = {"os": os, "sys": sys}
    exec(parameters["python"], names)
    return {"result": names.get("result")}
`

const initialised = new WeakSet<Container>()

/** Runs Python as the action of a container with our own Python runtime; the first time it makes it the container's action. */
export async function runs(container: Container, python: string): Promise<unknown> {
  if (!initialised.has(container)) {
    initialised.add(container)
    await post(container, '/init', { name: 'test', main: 'main', code: action, binary: false, env: {} })
  }
  return (await post(container, '/run', { python })).result
}

async function post(
  { endpoint }: Container,
  path: string,
  value: object,
): Promise<{ readonly result?: unknown; readonly error?: string }> {
  if (!('socketPath' in endpoint)) throw new Error('the container has no socket')
  const bytes = Buffer.from(JSON.stringify({ value }))
  const sent = request({ socketPath: endpoint.socketPath, path, method: 'POST', agent: false })
  sent.setHeader('Content-Length', bytes.length)
  sent.end(bytes)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const answer = (await json(response)) as { readonly result?: unknown; readonly error?: string }
  if (answer.error !== undefined) throw new Error(answer.error)
  return answer
}
