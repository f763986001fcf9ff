import type { ExecutableAction } from '../domain/action.ts'
import { type Manifest, resolveKind } from '../domain/manifest.ts'
import { type ActivationResponse, status } from '../domain/response.ts'
import type { Lease } from '../pool/lease.ts'
import type { Clock } from '../ports/clock.ts'
import type { LogLine, TakenLogs } from '../ports/containers.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import { logLimitBytes } from './action-limits.ts'
import { assembleLogs, type LogEnd } from './log-format.ts'

const idleMs = 2_000

interface HowToTake {
  readonly awaitsSentinels: boolean
  readonly action: ExecutableAction
  readonly limitBytes: number
}

/** Collects what an activation printed (protocol reference 6.6). */
export class LogCollector {
  readonly #manifest: Manifest
  readonly #clock: Clock
  readonly #log: Log
  readonly #meter: Meter

  constructor(options: {
    readonly manifest: Manifest
    readonly clock: Clock
    readonly log: Log
    readonly meter: Meter
  }) {
    this.#manifest = options.manifest
    this.#clock = options.clock
    this.#log = options.log
    this.#meter = options.meter
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
    const { lines, end } = await this.#read(lease, { awaitsSentinels, action, limitBytes })
    return assembleLogs(lines, { end, isDeveloperError, limitBytes, nowMs: this.#clock.now() })
  }

  async #read(
    lease: Lease,
    how: HowToTake,
  ): Promise<{ readonly lines: readonly LogLine[]; readonly end: LogEnd['end'] }> {
    const startedMs = this.#clock.now()
    try {
      const { lines, end } = await lease.readLogs(() => this.#take(lease, how))
      this.#meter.observe('histogram_invoker_collectLogs_finish_seconds', (this.#clock.now() - startedMs) / 1000)
      if (end === 'limit') return { lines, end }
      return { lines, end: how.awaitsSentinels && end !== 'sentinels' ? 'missing' : 'whole' }
    } catch (error) {
      this.#log.error('logs cannot be read', { container: lease.container.id, error })
      this.#meter.count('counter_invoker_collectLogs_error_counter_total')
      return { lines: [], end: 'missing' }
    }
  }

  #take({ container }: Lease, { awaitsSentinels, limitBytes, action }: HowToTake): Promise<TakenLogs> {
    const timeoutMs = Math.max(5, action.limits.logs) * 2_000
    return container.logs.take({ awaitSentinels: awaitsSentinels, limitBytes, idleMs, timeoutMs })
  }

  /** Blackbox images print sentinels only where the manifest lists them. */
  #isSentinelled({ exec }: ExecutableAction): boolean {
    if (exec.image !== undefined) return this.#manifest.blackboxes.includes(exec.image)
    return resolveKind(this.#manifest, exec.kind)?.sentinelledLogs ?? true
  }
}
