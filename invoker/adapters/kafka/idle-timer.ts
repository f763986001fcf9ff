/** What of kafkajs' request queue the patch touches: one queue a connection. */
export interface RequestQueue {
  /** Requests that wait, because too many are in flight or the broker throttles. */
  readonly pending: readonly unknown[]
  scheduleCheckPendingRequests(): void
}

/** The class of {@link RequestQueue}. */
export interface RequestQueueClass {
  readonly prototype: RequestQueue
}

const patched = Symbol.for('warmwhisk.idleTimer')

/**
 * Stops the timer of idle connections. kafkajs 2.2.4 looks for waiting requests by a timer that arms itself again
 * whether any wait or not, with a delay that is always negative when nothing throttles: a thousand calls a second and
 * connection (66 ms CPU). With nothing waiting there is nothing to look for, and a request that has to wait arms the timer itself.
 */
export function stopIdleTimer(queueClass: RequestQueueClass): void {
  const prototype: RequestQueue & { [patched]?: true } = queueClass.prototype
  if (prototype[patched]) return
  const schedule = prototype.scheduleCheckPendingRequests
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this)
  }
  prototype[patched] = true
}
