import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { ActionContext } from './action-context.ts'
import { actionTarget } from './action-target.ts'
import type { Authenticate } from './authentication.ts'
import { callerOf } from './call.ts'
import { invokeAction } from './invoke.ts'

/** The path of an invocation as clients write it: nothing in it is percent-encoded. */
const plainPath = /^\/api\/v1\/namespaces\/(?<namespace>[\w@.&-]+)\/actions\/(?<name>[\w@.&-]+)(?:\?|$)/

/** What serves invocations before the router sees them, and what serves the rest. */
export interface InvokeFirst {
  readonly context: ActionContext
  readonly authenticate: Authenticate
  /** Begins a request, whoever serves it. */
  readonly begin: (request: IncomingMessage, response: ServerResponse) => void
  readonly onError: (error: unknown, response: ServerResponse) => void
  readonly others: RequestListener
}

/**
 * Serves invocations with a plain path without Express, whose router and prototypes take more time than the rest of the way to
 * the container; everything else goes to `others`, which answers an invocation in the same way.
 */
export function invokeFirst({ context, authenticate, begin, onError, others }: InvokeFirst): RequestListener {
  const invoke = async (request: IncomingMessage, response: ServerResponse, path: Path): Promise<void> => {
    try {
      begin(request, response)
      await authenticate(request, response)
      const target = actionTarget(path, { caller: callerOf(response), throttle: context.throttle })
      await invokeAction(context, { request, response, target })
    } catch (error) {
      onError(error, response)
    }
  }
  return (request, response) => {
    const path = request.method === 'POST' ? plainPath.exec(request.url ?? '')?.groups : undefined
    if (path === undefined) others(request, response)
    // It never rejects.
    else void invoke(request, response, path as unknown as Path)
  }
}

interface Path {
  readonly namespace: string
  readonly name: string
}
