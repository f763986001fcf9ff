import type { KeyValue } from './action.ts'
import type { ActivationId } from './ids.ts'
import type { ActivationResponse } from './response.ts'

/** An activation record (protocol reference 7.1) without its `_` fields. Times in ms since the epoch. */
export interface WhiskActivation {
  readonly namespace: string
  readonly name: string
  readonly subject: string
  readonly activationId: ActivationId
  readonly start: number
  readonly end: number
  readonly duration?: number
  readonly cause?: ActivationId
  readonly response: ActivationResponse
  readonly logs: readonly string[]
  readonly version: string
  readonly publish: boolean
  readonly annotations: readonly KeyValue[]
}
