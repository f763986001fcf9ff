import type { SystemLimits } from '../../invoker/domain/limits.ts'
import type { Manifest } from '../../invoker/domain/manifest.ts'
import type { Clock } from '../../invoker/ports/clock.ts'
import type { Log } from '../../invoker/ports/log.ts'
import type { ActionStore } from '../../invoker/store/actions.ts'
import type { ActivationStore } from '../../invoker/store/activations.ts'
import type { Parameters } from '../../invoker/store/parameters.ts'
import type { SubjectStore } from '../../invoker/store/subjects.ts'
import type { Controller } from './controller.ts'
import type { ThrottleLimits } from './throttle.ts'

/** State of an invoker as `GET /invokers` names it. */
export type InvokerState = 'up' | 'down' | 'unhealthy' | 'unresponsive'

/** What the REST API works with, and how it behaves. */
export interface RestOptions {
  readonly actions: ActionStore
  readonly activations: ActivationStore
  readonly subjects: Pick<SubjectStore, 'byKey'>
  readonly controller: Pick<Controller, 'invoke' | 'activeCount'>
  readonly manifest: Manifest
  /** Locks parameters at rest (protocol reference 3.4). */
  readonly parameters: Pick<Parameters, 'lock'>
  readonly limits: SystemLimits
  readonly throttles: ThrottleLimits & { readonly sequenceLength: number }
  readonly clock: Clock
  readonly log: Log
  /** Names the topic of the acks; the id that the {@link Controller} was made with. */
  readonly controllerId: string
  /** What `GET /api/v1` tells as `build` and `buildno`. */
  readonly build: { readonly date: string; readonly number: string }
  /** Invokers by name, such as `invoker0/0`, for `GET /invokers`. */
  readonly invokers: () => Readonly<Record<string, InvokerState>>
  /** What `GET /metrics` shows, in Prometheus' text format; undefined: there is no such route. */
  readonly metrics?: { readonly contentType: string; text(): Promise<string> }
  /** How long a blocking invocation is held at most. */
  readonly blockingWaitMs: number
  /** Whether a new action gets `provide-api-key: false` unless it says otherwise. */
  readonly requireApiKeyAnnotation: boolean
}
