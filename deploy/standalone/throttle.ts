import type { Identity } from '../../invoker/domain/identity.ts'
import type { Clock } from '../../invoker/ports/clock.ts'
import { RestError } from './rest-error.ts'

/** What a namespace may do when its subject has no limits of its own (protocol reference 8.14). */
export interface ThrottleLimits {
  readonly invocationsPerMinute: number
  readonly concurrentInvocations: number
  readonly firesPerMinute: number
}

const minuteMs = 60_000

/** Limits invocations per namespace: in a calendar minute, and at a time (8.14). */
export class Throttle {
  readonly #clock: Clock
  readonly #limits: ThrottleLimits
  readonly #active: (namespaceUuid: string) => number
  #minute = 0
  #counts = new Map<string, number>()

  /** `active` tells how many activations of a namespace have not ended. */
  constructor({
    clock,
    limits,
    active,
  }: { readonly clock: Clock; readonly limits: ThrottleLimits; readonly active: (namespaceUuid: string) => number }) {
    this.#clock = clock
    this.#limits = limits
    this.#active = active
  }

  /** Counts one invocation, also where it is then refused. @throws RestError 429 with the counts. */
  admit({ namespace, limits }: Identity): void {
    const perMinute = limits.invocationsPerMinute ?? this.#limits.invocationsPerMinute
    const count = this.#countThisMinute(namespace.uuid)
    if (count > perMinute) throw tooMany('requests in the last minute', { count, allowed: perMinute })
    const atOnce = limits.concurrentInvocations ?? this.#limits.concurrentInvocations
    const active = this.#active(namespace.uuid)
    if (active >= atOnce) throw tooMany('concurrent requests in flight', { count: active, allowed: atOnce })
  }

  #countThisMinute(namespaceUuid: string): number {
    const minute = Math.floor(this.#clock.now() / minuteMs)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#counts = new Map()
    }
    const count = (this.#counts.get(namespaceUuid) ?? 0) + 1
    this.#counts.set(namespaceUuid, count)
    return count
  }
}

function tooMany(what: string, { count, allowed }: { readonly count: number; readonly allowed: number }): RestError {
  return new RestError(429, `Too many ${what} (count: ${count}, allowed: ${allowed}).`)
}
