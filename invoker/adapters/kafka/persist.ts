import { Fault } from '../../faults/fault.ts'
import { type RetryPolicy, retry } from '../../lib/retry.ts'
import type { Outage } from './outage.ts'
import { toFault, verdictOf } from './verdict.ts'

const policy: RetryPolicy = { tries: Number.POSITIVE_INFINITY, firstDelayMs: 100, maxDelayMs: 1000 }

/** How to go on in an outage, and when to give up. */
export interface Persistence {
  readonly outage: Outage
  readonly signal: AbortSignal
}

/**
 * Calls `work` through outages of the broker until it succeeds, fails for good, or the signal aborts. This is the layer that owns
 * the retries; kafkajs below it tries a few times only, to follow a partition that moved.
 * @throws Fault MESSAGING_UNAVAILABLE after the signal, MESSAGING_REFUSED or MESSAGE_TOO_LARGE for good
 */
export async function persist<T>(attempt: string, work: () => Promise<T>, { outage, signal }: Persistence): Promise<T> {
  const isOutage = (error: unknown): boolean => {
    if (signal.aborted || verdictOf(error) !== 'outage') return false
    outage.failed(attempt, error)
    return true
  }
  try {
    const result = await retry(work, { policy, isRetryable: isOutage, signal })
    outage.passed()
    return result
  } catch (error) {
    const isCut = error instanceof Error && error.name === 'AbortError'
    throw isCut ? new Fault('MESSAGING_UNAVAILABLE', `${attempt}: stopped in an outage`) : toFault(attempt, error)
  }
}
