import { setTimeout as sleep } from 'node:timers/promises'

/** How often and how patiently to try again. Durations in milliseconds. */
export interface RetryPolicy {
  readonly tries: number
  readonly firstDelayMs: number
  readonly maxDelayMs: number
}

/** The wait before try number `attempt` (1 = first retry): doubled each time, with full jitter, so that many callers spread out. */
export function backoffMs(policy: RetryPolicy, attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (attempt - 1))
  return Math.round(ceiling * (0.5 + random() / 2))
}

/**
 * Calls `work` until it succeeds, `isRetryable` says no, the tries are used up, or `signal` aborts.
 * @throws the last error of `work`, or the signal's reason.
 */
export async function retry<T>(
  work: () => Promise<T>,
  options: {
    readonly policy: RetryPolicy
    readonly isRetryable: (error: unknown) => boolean
    readonly signal?: AbortSignal
  },
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= options.policy.tries || !options.isRetryable(error)) throw error
      await sleep(backoffMs(options.policy, attempt), undefined, options.signal ? { signal: options.signal } : {})
    }
  }
}
