import type { UserLimits } from './limits.ts'

/** Who invokes (protocol reference 2.4). */
export interface Identity {
  readonly subject: string
  /** The invocation namespace: activations are stored there, warm containers are keyed by its name. */
  readonly namespace: { readonly name: string; readonly uuid: string }
  /** Every member is exported to containers that may have the key. */
  readonly authkey: Readonly<Record<string, string>>
  readonly rights: readonly string[]
  readonly limits: UserLimits
}
