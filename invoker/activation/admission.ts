import type { ExecutableAction } from '../domain/action.ts'
import type { ActivationMessage } from '../domain/activation-message.ts'
import type { SystemLimits } from '../domain/limits.ts'
import type { ActivationResponse } from '../domain/response.ts'
import { isFault } from '../faults/fault.ts'
import type { Log } from '../ports/log.ts'
import { brokenLimit } from './action-limits.ts'
import { applicationError, whiskError } from './responses.ts'
import { texts } from './texts.ts'

/** Where actions come from; store/actions.ts is one. */
export interface ActionSource {
  /** The action with its code, undefined when it is not there. Without a revision: the latest. */
  fetch(id: string, revision: string | undefined): Promise<ExecutableAction | undefined>
}

/** Namespaces that may not run; store/blacklist.ts is one. */
export interface NamespaceBlacklist {
  has(namespace: string): boolean
}

/** An action that may run, or the response that ends the activation. */
export type Admitted =
  | { readonly kind: 'admitted'; readonly action: ExecutableAction }
  | { readonly kind: 'blacklisted' | 'refused'; readonly response: ActivationResponse }

/** Decides whether an activation may run at all (protocol reference 3.8, 4.8). */
export class Admission {
  readonly #actions: ActionSource
  readonly #blacklist: NamespaceBlacklist
  readonly #limits: SystemLimits
  readonly #log: Log

  constructor(options: {
    readonly actions: ActionSource
    readonly blacklist: NamespaceBlacklist
    readonly limits: SystemLimits
    readonly log: Log
  }) {
    this.#actions = options.actions
    this.#blacklist = options.blacklist
    this.#limits = options.limits
    this.#log = options.log
  }

  /** Never throws: what goes wrong is the response. */
  async admit(message: ActivationMessage): Promise<Admitted> {
    if (this.#blacklist.has(message.user.namespace.name)) {
      return { kind: 'blacklisted', response: applicationError(texts.blacklisted) }
    }
    let action: ExecutableAction | undefined
    try {
      action = await this.#actions.fetch(`${message.action.path}/${message.action.name}`, message.revision)
    } catch (error) {
      this.#log.warn('action cannot be fetched', {
        activationId: message.activationId,
        transid: message.transid.id,
        error,
      })
      const text = isFault(error, 'DOCUMENT_UNREADABLE') ? texts.incompatible : texts.notFetched
      return { kind: 'refused', response: whiskError(text) }
    }
    if (!action) return { kind: 'refused', response: applicationError(texts.notFound) }
    const broken = brokenLimit(action.limits, message.user.limits, this.#limits)
    return broken === undefined ? { kind: 'admitted', action } : { kind: 'refused', response: applicationError(broken) }
  }
}
