import type { ServerResponse } from 'node:http'
import type { Identity } from '../../invoker/domain/identity.ts'
import type { TransactionId } from '../../invoker/domain/transid.ts'

/** A response; Express keeps `locals` that are there. */
type Response = ServerResponse & { locals?: Record<string, unknown> }

/** What is known of a request while it is served; kept beside its response. */
interface Call {
  readonly transid: TransactionId
  identity?: Identity
}

/** Notes the transaction of a request. Called once, before any route. */
export function beginCall(response: Response, transid: TransactionId): void {
  response.locals = { call: { transid } satisfies Call }
}

/** Notes who asks. */
export function setCaller(response: Response, identity: Identity): void {
  callOf(response).identity = identity
}

/** The transaction of a request. */
export function transactionOf(response: Response): TransactionId {
  return callOf(response).transid
}

/** Who asks. @throws TypeError where a route forgot to authenticate. */
export function callerOf(response: Response): Identity {
  const { identity } = callOf(response)
  if (identity === undefined) throw new TypeError('Cannot name the caller: the request was not authenticated')
  return identity
}

function callOf(response: Response): Call {
  return response.locals?.call as Call
}
