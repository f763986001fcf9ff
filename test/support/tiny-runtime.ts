import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { json } from 'node:stream/consumers'
import type { RuntimeLaunch } from '../../invoker/domain/runtime-launch.ts'
import type { Container, ContainerSpec } from '../../invoker/ports/containers.ts'

/** How the runtime of `tiny-runtime.py` starts. */
export const tinyLaunch: RuntimeLaunch = {
  kind: 'tiny',
  command: ['/usr/bin/python3', '-u', '/opt/tiny/tiny-runtime.py'],
  env: { PATH: '/usr/bin:/bin', TINY: 'launch' },
  binds: [{ source: import.meta.dirname, target: '/opt/tiny' }],
}

/** What a piece of Python in a container came to. */
export interface Answer {
  readonly result?: unknown
  readonly error?: string
  /** Of an OSError. */
  readonly errno?: number
}

/** Runs Python in a container; what it leaves in `result` is the answer. The sentinels follow unless they are off. */
export async function ask(
  container: Container,
  python: string,
  options: { readonly sentinels?: boolean } = {},
): Promise<Answer> {
  const { endpoint } = container
  if (!('socketPath' in endpoint)) throw new Error('the container has no socket')
  const bytes = Buffer.from(JSON.stringify({ python, ...options }))
  const sent = request({ socketPath: endpoint.socketPath, path: '/run', method: 'POST', agent: false })
  sent.setHeader('Content-Length', bytes.length)
  sent.end(bytes)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return (await json(response)) as Answer
}

let counter = 0

/** A spec with a name of its own. */
export function aSpec(more: Partial<ContainerSpec> = {}): ContainerSpec {
  counter += 1
  return {
    name: `wsktest_${counter}_guest_tiny`,
    kind: 'tiny',
    memoryMb: 256,
    cpuShares: 256,
    env: { SPEC: 'spec' },
    ...more,
  }
}
