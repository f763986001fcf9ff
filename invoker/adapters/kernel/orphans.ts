import { type ProcessEnd, readStatus } from '../../domain/process-end.ts'
import { type Deferred, deferred } from '../../lib/deferred.ts'
import type { Libc } from './libc.ts'

const PR_SET_CHILD_SUBREAPER = 36
const WNOHANG = 1
/** How often processes are looked at without a signal. */
const LOOK_MS = 10_000

/**
 * Notices the end of processes that others started for us. `runc` starts a container's processes and leaves; the kernel hands
 * them to the nearest ancestor that takes orphans, which this object makes our process. So each end is one SIGCHLD, with its
 * exit status, and nothing is polled. Only processes that somebody asked for are reaped: the children of `child_process` are
 * libuv's, and everything else is not ours to touch.
 */
export class Orphans {
  readonly #libc: Libc
  readonly #waiting = new Map<number, Deferred<ProcessEnd>>()
  readonly #onChild = (): void => this.#reap()
  /** Runs while somebody waits: a signal handler alone does not keep the event loop alive, and a signal might be lost. */
  #look: NodeJS.Timeout | undefined
  readonly #status = new Int32Array(1)

  constructor(libc: Libc) {
    this.#libc = libc
  }

  /** Resolves when `pid` has ended; `unknown` when it is not ours to wait for. */
  ended(pid: number): Promise<ProcessEnd> {
    const known = this.#waiting.get(pid)
    if (known !== undefined) return known.promise
    const end = deferred<ProcessEnd>()
    this.#waiting.set(pid, end)
    this.#look ??= setInterval(this.#onChild, LOOK_MS)
    // It may be gone already, and then no signal will come.
    this.#reapOne(pid, end)
    return end.promise
  }

  /** Whether somebody waits for the end of `pid`. */
  isAwaited(pid: number): boolean {
    return this.#waiting.has(pid)
  }

  /** Takes orphans from now on. @throws Error when the kernel refuses. */
  start(): void {
    if (this.#libc.prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) {
      throw new Error(`Cannot take over orphaned processes: ${this.#libc.errorName()}`)
    }
    process.on('SIGCHLD', this.#onChild)
  }

  /**
   * Stops listening. What is still waited for never resolves. The process goes on taking orphans: that is a property of the whole
   * process, and another object may count on it.
   */
  stop(): void {
    process.off('SIGCHLD', this.#onChild)
    this.#rest()
  }

  #rest(): void {
    clearInterval(this.#look)
    this.#look = undefined
  }

  #reap(): void {
    for (const [pid, end] of this.#waiting) this.#reapOne(pid, end)
  }

  #reapOne(pid: number, end: Deferred<ProcessEnd>): void {
    const reaped = this.#libc.waitpid(pid, this.#status, WNOHANG)
    // A process that is being traced reports its stops in the same way; it has not ended.
    if (reaped === 0 || (reaped > 0 && isStop(this.#status[0] ?? 0))) return
    this.#waiting.delete(pid)
    if (this.#waiting.size === 0) this.#rest()
    end.resolve(reaped < 0 ? { kind: 'unknown' } : readStatus(this.#status[0] ?? 0))
  }
}

function isStop(status: number): boolean {
  return (status & 0xff) === 0x7f
}
