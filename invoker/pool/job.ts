import type { ActivationResponse } from '../domain/response.ts'
import type { Demand } from './demand.ts'
import type { Lease } from './lease.ts'

/** A demand that waits for its container. One of the two functions is called, once. */
export interface Job {
  readonly demand: Demand
  /** The first way to start that may be tried: those before it have failed for this job. */
  readonly firstWay: number
  grant(lease: Lease): void
  refuse(reason: unknown): void
}

/** The container that a job waited for was not initialised: the job ends with the same response (protocol reference 5.6). */
export class StartAborted extends Error {
  readonly response: ActivationResponse

  constructor(response: ActivationResponse) {
    super('Cannot use the container: another activation failed to initialise it')
    this.name = 'StartAborted'
    this.response = response
  }
}
