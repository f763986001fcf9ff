/**
 * A signal that aborts with `signal`, and after `ms` at the latest. `AbortSignal.any` with a timeout does not do: Node.js 20 lets the
 * garbage collector take a timeout that only such a signal knows, and it never comes.
 */
export function atLatest(ms: number, signal: AbortSignal): AbortSignal {
  const end = new AbortController()
  const timer = setTimeout(() => end.abort(new DOMException(`${ms} ms are over`, 'TimeoutError')), ms)
  timer.unref()
  const abort = () => {
    clearTimeout(timer)
    end.abort(signal.reason)
  }
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true, signal: end.signal })
  return end.signal
}
