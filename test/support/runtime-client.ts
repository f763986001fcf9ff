import { launchHere } from './runtime-languages.ts'
import { type RuntimeProcess, startRuntime } from './runtime-process.ts'
import { type RuntimeRequests, requestsTo } from './runtime-requests.ts'

/** A runtime, and the requests that an invoker would make, on one connection. */
export interface RuntimeUnderTest extends RuntimeProcess, RuntimeRequests {}

/** Starts the runtime of a kind as the host would. Stop it. */
export async function runtimeUnderTest(
  kind: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RuntimeUnderTest> {
  const runtime = startRuntime(await launchHere(kind), env)
  const requests = requestsTo(runtime.socketPath)
  return {
    ...runtime,
    ...requests,
    async stop() {
      requests.leave()
      await runtime.stop()
    },
  }
}
