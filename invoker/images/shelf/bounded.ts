/** How long a piece of work may take. */
export interface Bounds<T> {
  /** Ends it before its time. */
  readonly signal: AbortSignal
  /** When it is told to end. */
  readonly timeoutMs: number
  /** How long it may take to end then. */
  readonly graceMs: number
  /** Gets rid of what comes of it after nobody waits for it any more. */
  onLate(result: T): Promise<void>
}

/** Work that did not end in time, nor when it was told to. */
export class Late extends Error {
  constructor(timeoutMs: number) {
    super(`It took more than ${timeoutMs} ms`)
    this.name = 'Late'
  }
}

/**
 * Does work of others that may hang: it gets a signal, and when that is not heeded it is left behind.
 * @throws what the work throws; the signal's reason; {@link Late}
 */
export async function bounded<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { signal, timeoutMs, graceMs, onLate }: Bounds<T>,
): Promise<T> {
  signal.throwIfAborted()
  const end = new AbortController()
  // All of it is taken back at the end: the caller's signal may live long.
  const waiting = new AbortController()
  const timers: NodeJS.Timeout[] = []
  const given = work(end.signal)
  const left = new Promise<never>((_, reject) => {
    const after = (ms: number, call: () => void) => timers.push(setTimeout(call, ms).unref())
    const abort = () => {
      end.abort(signal.reason)
      reject(signal.reason)
    }
    signal.addEventListener('abort', abort, { signal: waiting.signal })
    after(timeoutMs, () => end.abort(new DOMException(`${timeoutMs} ms are over`, 'TimeoutError')))
    after(timeoutMs + graceMs, () => reject(new Late(timeoutMs)))
  })
  try {
    return await Promise.race([given, left])
  } catch (error) {
    // Whatever comes of it now is nobody's. Where it was the work that failed, nothing does.
    given.then(onLate).catch(() => undefined)
    throw error
  } finally {
    waiting.abort()
    for (const timer of timers) clearTimeout(timer)
  }
}
