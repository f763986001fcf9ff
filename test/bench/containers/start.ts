import type { Container, ContainerFactory } from '../../../invoker/ports/containers.ts'
import { type BenchAction, benchLimits } from '../lib/actions.ts'
import { RuntimeConnection } from '../lib/runtime-connection.ts'

/** A container whose action is initialised, and the socket where it is run. */
export interface Started {
  readonly container: Container
  readonly socketPath: string
}

/** Makes a container and initialises its action once. */
export async function startContainer(factory: ContainerFactory, action: BenchAction, index: number): Promise<Started> {
  const spec = {
    name: `wskbench${process.pid}_${index}_${action.name}`,
    kind: action.kind,
    memoryMb: benchLimits.memory,
    cpuShares: benchLimits.memory,
    env: {},
  }
  const container = await factory.create(spec, AbortSignal.timeout(60_000))
  if (!('socketPath' in container.endpoint)) throw new Error(`Cannot use "${action.kind}": it has no Unix socket`)
  const { socketPath } = container.endpoint
  const connection = new RuntimeConnection(socketPath)
  await connection.init(action)
  await connection.close()
  return { container, socketPath }
}

/** Drops what the containers have printed: nobody will ask for it. */
export function forgetLogs(containers: readonly Container[]): void {
  const take = { awaitSentinels: false, limitBytes: 0, idleMs: 0, timeoutMs: 0 }
  for (const container of containers) {
    // A container that ends meanwhile has no logs to forget; its end shows in the runs.
    container.logs.take(take).catch(() => undefined)
  }
}
