/** Waits for `work`, but not beyond the abort of `signal`; gives whether the work ended. A rejection of the work is passed on. */
export async function within(work: Promise<unknown>, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false
  const waiting = new AbortController()
  const aborted = new Promise<false>((resolve) => {
    signal.addEventListener('abort', () => resolve(false), { signal: waiting.signal })
  })
  try {
    return await Promise.race([work.then(() => true), aborted])
  } finally {
    waiting.abort()
  }
}
