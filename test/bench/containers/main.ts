import type { Container } from '../../../invoker/ports/containers.ts'
import { benchFactory } from '../lib/factory.ts'
import { serveProgram } from '../lib/program.ts'
import type { ContainersSettings, Sockets } from '../lib/sockets.ts'
import { forgetLogs, startContainer } from './start.ts'

const drainMs = 1000

/**
 * Holds the floor's containers, of the product's own factory, so that nothing of making them and of reading what they
 * print is done by the floor; ready with their sockets.
 */
await serveProgram<ContainersSettings, { sockets: Sockets }>(async ({ actions, count }) => {
  const factory = await benchFactory()
  const containers: Container[] = []
  const sockets: Record<string, string[]> = {}
  for (const action of actions) {
    for (let index = 0; index < count; index += 1) {
      const { container, socketPath } = await startContainer(factory, action, index)
      containers.push(container)
      sockets[action.name] = [...(sockets[action.name] ?? []), socketPath]
    }
  }
  const timer = setInterval(() => forgetLogs(containers), drainMs)
  return {
    ready: { sockets },
    stop: async () => {
      clearInterval(timer)
      await Promise.all(containers.map((container) => container.destroy()))
      await factory.stop(AbortSignal.timeout(30_000))
    },
  }
})
