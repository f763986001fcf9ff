import { deferred } from '../../lib/deferred.ts'

/** Resolves when `work` has settled or the signal aborts. A failure of work at the end of everything is of no use to anybody. */
export async function unless(signal: AbortSignal, work: Promise<unknown> | undefined): Promise<void> {
  const settled = Promise.resolve(work).then(
    () => undefined,
    () => undefined,
  )
  if (signal.aborted) return
  const aborted = deferred()
  const abort = () => aborted.resolve()
  signal.addEventListener('abort', abort, { once: true })
  await Promise.race([settled, aborted.promise])
  signal.removeEventListener('abort', abort)
}
