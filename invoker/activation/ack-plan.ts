/** How an activation came to its end, as far as its acks depend on it. */
export type Ending =
  /** A container ran or initialised it. */
  | { readonly kind: 'ran'; readonly collectsLogs: boolean }
  /** No container ran it: the action could not be had, or none could be made. */
  | { readonly kind: 'failed-before' }
  /** The container that it waited for was not initialised by another activation. */
  | { readonly kind: 'aborted' }
  | { readonly kind: 'blacklisted' }

/** The acks of an activation, in order (protocol reference 2.6). */
export interface AckPlan {
  /** Send a Result as soon as the response is known. */
  readonly early: boolean
  /** What frees the slot at the end. */
  readonly last: 'combined' | 'completion'
  /** The response is the id only. */
  readonly isShrunk: boolean
}

/** Which acks an activation gets. */
export function ackPlan(ending: Ending, isBlocking: boolean): AckPlan {
  switch (ending.kind) {
    case 'ran':
      if (!isBlocking) return { early: false, last: 'completion', isShrunk: true }
      return { early: ending.collectsLogs, last: ending.collectsLogs ? 'completion' : 'combined', isShrunk: false }
    case 'failed-before':
      return { early: false, last: 'combined', isShrunk: !isBlocking }
    case 'aborted':
      return { early: false, last: isBlocking ? 'combined' : 'completion', isShrunk: !isBlocking }
    case 'blacklisted':
      return { early: false, last: 'combined', isShrunk: true }
    default:
      return ending satisfies never
  }
}
