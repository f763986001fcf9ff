import type { RuncContainer } from './container.ts'
import type { RuncEmptyContainer } from './empty-container.ts'
import { type MakeParts, type MakeRequest, makeEmpty } from './make-empty.ts'

/**
 * Makes one container and starts its runtime; `prepare` does what must be done between, and gets the host's number of the
 * container's first process. @throws Error when a step fails; nothing is left then.
 */
export async function startContainer(
  request: MakeRequest,
  parts: MakeParts & { readonly signal: AbortSignal; readonly prepare?: (initPid: number) => Promise<void> },
): Promise<RuncContainer> {
  const empty = await makeEmpty(request, parts)
  try {
    await parts.prepare?.(empty.parts.init.pid)
    return await startRuntime(empty, parts)
  } catch (error) {
    const { options, places } = parts
    // A runc that was killed half-way may have left a process outside of the container's PID namespace.
    await options.kernel.removeControlGroups(`${places.cgroup}/${request.spec.name}`).catch(() => undefined)
    await empty.destroy()
    throw error
  }
}

async function startRuntime(
  empty: RuncEmptyContainer,
  { options, runc, signal }: MakeParts & { readonly signal: AbortSignal },
): Promise<RuncContainer> {
  const { bundle, streams, socket } = empty.parts
  const stdio = [streams.stdout, streams.stderr, socket.fd]
  const pid = await runc.exec(empty.parts.id, { bundle, signal, stdio })
  const ended = options.kernel.ended(pid)
  signal.throwIfAborted()
  return empty.host({ pid, ended })
}
