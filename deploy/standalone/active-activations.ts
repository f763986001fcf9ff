import type { Clock } from '../../invoker/ports/clock.ts'

/** One activation that has not ended. */
interface Active {
  readonly namespaceUuid: string
  readonly overdueAt: number
}

/** How often overdue activations are looked for. */
const sweepMs = 60_000

/**
 * Which activations are in flight, per namespace (protocol reference 8.14). One counts from before its message is sent until its
 * completion ack, or until it is overdue (8.13): a lost ack must not hold a place forever.
 */
export class ActiveActivations {
  readonly #clock: Clock
  readonly #byId = new Map<string, Active>()
  readonly #counts = new Map<string, number>()
  #cancelSweep: () => void

  constructor(clock: Clock) {
    this.#clock = clock
    this.#cancelSweep = clock.after(sweepMs, () => this.#sweep())
  }

  /** How many activations of a namespace are in flight. */
  count(namespaceUuid: string): number {
    return this.#counts.get(namespaceUuid) ?? 0
  }

  /** Counts one more. `timeoutMs` is the action's limit. */
  add(
    activationId: string,
    { namespaceUuid, timeoutMs }: { readonly namespaceUuid: string; readonly timeoutMs: number },
  ): void {
    const overdueAt = this.#clock.now() + Math.max(timeoutMs, 60_000) * 2 + 60_000
    this.#byId.set(activationId, { namespaceUuid, overdueAt })
    this.#counts.set(namespaceUuid, this.count(namespaceUuid) + 1)
  }

  /** Counts one less; an activation that is not known, or has ended before, changes nothing. */
  remove(activationId: string): void {
    const active = this.#byId.get(activationId)
    if (active === undefined) return
    this.#byId.delete(activationId)
    const left = this.count(active.namespaceUuid) - 1
    if (left > 0) this.#counts.set(active.namespaceUuid, left)
    else this.#counts.delete(active.namespaceUuid)
  }

  /** Ends the sweep. */
  stop(): void {
    this.#cancelSweep()
  }

  #sweep(): void {
    const now = this.#clock.now()
    for (const [id, { overdueAt }] of this.#byId) if (overdueAt <= now) this.remove(id)
    this.#cancelSweep = this.#clock.after(sweepMs, () => this.#sweep())
  }
}
