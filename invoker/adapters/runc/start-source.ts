import type { CheckpointSource } from '../../ports/checkpoints.ts'
import type { MakeParts, MakeRequest } from './make-empty.ts'
import { command } from './network/command.ts'
import { NoNetwork } from './network/network.ts'
import { startContainer } from './start-container.ts'

/**
 * The runtime of a source gets the next number of its PID namespace. In a container that a copy comes into, only the first process
 * and CRIU itself have numbers, and those are small.
 */
const NUMBERS_KEPT_FREE = 999

/** Starts a runtime to be checkpointed: it keeps its process number in every copy. @throws Error when a step fails; nothing is left then. */
export async function startSource(
  request: MakeRequest,
  parts: MakeParts & { readonly signal: AbortSignal },
): Promise<CheckpointSource> {
  const network = new NoNetwork()
  const takeLease = () => network.lease()
  const container = await startContainer(request, { ...parts, takeLease, prepare: keepNumbersFree })
  return { container, initPid: container.initPid, runtimePid: container.runtimePid }
}

/** The file speaks of the PID namespace of who writes it. */
async function keepNumbersFree(initPid: number): Promise<void> {
  const write = `echo ${NUMBERS_KEPT_FREE} >/proc/sys/kernel/ns_last_pid`
  await command(['nsenter', '--target', String(initPid), '--pid', 'sh', '-c', write])
}
