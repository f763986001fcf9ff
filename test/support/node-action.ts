import type { Json } from '../../invoker/domain/json.ts'
import type { Container } from '../../invoker/ports/containers.ts'
import { requestsTo } from './runtime-requests.ts'

/** An action that runs what it is given, as the body of an async function. */
const action = `
const main = ({ script }) => new Function('require', '__dirname', 'return (async () => {' + script + '})()')(require, __dirname)
  .then((result) => ({ result }))`

const initialised = new WeakSet<Container>()

/** Runs JavaScript as the action of a container with our own Node.js runtime; the first time it makes it the container's action. */
export async function runsScript<T = Json>(container: Container, script: string): Promise<T> {
  const { endpoint } = container
  if (!('socketPath' in endpoint)) throw new Error('the container has no socket')
  const requests = requestsTo(endpoint.socketPath)
  try {
    if (!initialised.has(container)) {
      initialised.add(container)
      await requests.init(action)
    }
    const { body } = await requests.run({ script })
    const answer = JSON.parse(body) as { readonly result?: T; readonly error?: unknown }
    if (answer.error !== undefined) throw new Error(JSON.stringify(answer.error))
    return answer.result as T
  } finally {
    requests.leave()
  }
}
