import type { ExecutableAction } from '../domain/action.ts'
import { type Manifest, resolveKind } from '../domain/manifest.ts'
import { type ActivationResponse, status } from '../domain/response.ts'
import type { Lease } from '../pool/lease.ts'
import type { Clock } from '../ports/clock.ts'
import { logLimitBytes } from './action-limits.ts'
import { assembleLogs } from './log-format.ts'

const idleMs = 2_000

/** Collects what an activation printed (protocol reference 6.6). */
export class LogCollector {
  readonly #manifest: Manifest
  readonly #clock: Clock

  constructor(options: { readonly manifest: Manifest; readonly clock: Clock }) {
    this.#manifest = options.manifest
    this.#clock = options.clock
  }

  /** Takes the lines of the activation that has just ended in the container. A reader that fails counts as an incomplete log. */
  async collect(
    lease: Lease,
    action: ExecutableAction,
    response: ActivationResponse,
  ): Promise<{ readonly logs: readonly string[]; readonly isComplete: boolean }> {
    const isDeveloperError = response.statusCode === status.developerError
    const awaitsSentinels = !isDeveloperError && this.#isSentinelled(action)
    const limitBytes = logLimitBytes(action.limits)
    const { lines, end } = await lease.readLogs(() => this.#take(lease, { awaitsSentinels, action, limitBytes }))
    return assembleLogs(lines, { end, awaitsSentinels, isDeveloperError, limitBytes, nowMs: this.#clock.now() })
  }

  async #take(
    { container }: Lease,
    how: { readonly awaitsSentinels: boolean; readonly action: ExecutableAction; readonly limitBytes: number },
  ): ReturnType<Lease['container']['logs']['take']> {
    const timeout = new AbortController()
    const cancel = this.#clock.after(Math.max(5, how.action.limits.logs) * 2_000, () => timeout.abort())
    try {
      return await container.logs.take({
        awaitSentinels: how.awaitsSentinels,
        limitBytes: how.limitBytes,
        idleMs,
        signal: timeout.signal,
      })
    } finally {
      cancel()
    }
  }

  /** Blackbox images print sentinels only where the manifest lists them. */
  #isSentinelled({ exec }: ExecutableAction): boolean {
    if (exec.image !== undefined) return this.#manifest.blackboxes.includes(exec.image)
    return resolveKind(this.#manifest, exec.kind)?.sentinelledLogs ?? true
  }
}
