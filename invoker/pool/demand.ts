import type { ExecutableAction } from '../domain/action.ts'
import type { Identity } from '../domain/identity.ts'

/** What a job needs of a container. */
export interface Demand {
  /** Name of the invocation namespace. */
  readonly namespace: string
  /** Digest of the action (5.2): equal digests may share a container, one after the other. */
  readonly actionKey: string
  readonly kind: string
  readonly memoryMb: number
  /** How many activations one container may run at once (5.8). */
  readonly concurrency: number
  /** For the ways to start that look at more: code, annotations. */
  readonly action: ExecutableAction
}

/** What an activation of `action` by `user` demands. */
export function demandOf(action: ExecutableAction, user: Identity, actionKey: string): Demand {
  return {
    namespace: user.namespace.name,
    actionKey,
    kind: action.exec.kind,
    memoryMb: action.limits.memory,
    concurrency: action.limits.concurrency,
    action,
  }
}
