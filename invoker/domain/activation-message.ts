import type { Identity } from './identity.ts'
import type { ActivationId } from './ids.ts'
import type { Json, JsonObject } from './json.ts'
import type { TransactionId } from './transid.ts'

/** The action that a message names (protocol reference 2.3). */
export interface ActionName {
  /** `ns` or `ns/package`, resolved through bindings. */
  readonly path: string
  readonly name: string
  readonly version?: string
  /** `ns/bindingName`, for the annotation only. */
  readonly binding?: string
}

/** An activation as it arrives on `invoker<N>` (2.3). */
export interface ActivationMessage {
  readonly transid: TransactionId
  readonly action: ActionName
  /** Undefined: unknown, take the latest and do not cache. */
  readonly revision: string | undefined
  readonly user: Identity
  readonly activationId: ActivationId
  /** Names the topic of the ack: `completed<controller>`. */
  readonly rootControllerIndex: { readonly asString: string; readonly instanceType?: string }
  readonly blocking: boolean
  readonly content: JsonObject | readonly Json[] | undefined
  readonly initArgs: readonly string[]
  readonly lockedArgs: Readonly<Record<string, string>>
  readonly cause?: ActivationId
  readonly traceContext?: Readonly<Record<string, string>>
}
