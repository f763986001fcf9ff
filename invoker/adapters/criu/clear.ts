import { within } from '../../lib/within.ts'
import type { Kernel } from '../../ports/kernel.ts'

/** How often orphans are looked for while a container is removed. */
const REAP_MS = 50

/**
 * Removes a container in which CRIU may have been stopped half-way. Its first process ends when every other one has been reaped,
 * and what a CRIU leaves is ours.
 */
export async function clear(
  container: { destroy(): Promise<void> },
  kernel: Pick<Kernel, 'adoptStrays'>,
): Promise<void> {
  const gone = container.destroy()
  do kernel.adoptStrays()
  while (!(await within(gone, AbortSignal.timeout(REAP_MS))))
}
