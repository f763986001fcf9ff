import type { WhiskActivation } from '../../invoker/domain/activation.ts'
import type { ActionContext, ActionRequest } from './action-context.ts'
import { httpStatus, invokedView } from './activation-view.ts'
import { cors, sendJson } from './answer.ts'
import { readOptionalObject } from './body.ts'
import { callerOf, transactionOf } from './call.ts'
import { checkNotDeprecated } from './deprecation.ts'
import { kindAllowed } from './entitlement.ts'
import { activationMessage, checkFinalParameters } from './invocation.ts'
import { largerThanAllowed, notOffered } from './messages.ts'
import { userBytes } from './namespace-limits.ts'
import { flag, queryOf, waitMs } from './query.ts'
import { missing, RestError } from './rest-error.ts'

/** POST: runs an action (protocol reference 8.5). The caller was counted by the throttle already. */
export async function invokeAction(context: ActionContext, call: ActionRequest): Promise<void> {
  const { request, response, target } = call
  const user = callerOf(response)
  const maxBytes = userBytes(user.limits.maxPayloadSize, context.limits.payloadBytes)
  checkLength(Number(request.headers['content-length'] ?? 0), maxBytes)
  const query = queryOf(request)
  const blocking = flag(query, 'blocking', false)
  const wantsResult = flag(query, 'result', false)
  const maxWaitMs = waitMs(query, context.blockingWaitMs)
  const payload = await readOptionalObject(request, { maxBytes, tooLarge: (is) => tooLarge(is, maxBytes) })

  const action = await context.catalog.find(target.id)
  if (action === undefined) throw missing()
  kindAllowed(user, action.exec.kind)
  if (action.exec.kind === 'sequence') throw new RestError(501, notOffered('sequences'))
  checkNotDeprecated(action.exec.kind, context.manifest)
  checkFinalParameters(action, payload)

  const { controllerId } = context
  const message = activationMessage({ action, user, transid: transactionOf(response), payload, blocking, controllerId })
  const activation = await context.controller.invoke(message, {
    waitMs: blocking ? maxWaitMs : 0,
    timeoutMs: action.limits.timeout,
  })
  send(call, { activationId: message.activationId, activation, wantsResult })
}

function send(
  { response }: ActionRequest,
  {
    activationId,
    activation,
    wantsResult,
  }: {
    readonly activationId: string
    readonly activation: WhiskActivation | undefined
    readonly wantsResult: boolean
  },
): void {
  const headers = { ...cors, 'x-openwhisk-activation-id': activationId }
  if (activation === undefined) {
    sendJson(response, { status: 202, body: { activationId }, headers })
    return
  }
  const status = httpStatus[activation.response.statusCode]
  sendJson(response, { status, body: invokedView(activation, wantsResult), headers })
}

/** Told before the query is judged, as in OpenWhisk; a chunked body tells its length at its end only. */
function checkLength(is: number, allowed: number): void {
  if (is > allowed) throw tooLarge(is, allowed)
}

function tooLarge(is: number, allowed: number): RestError {
  return new RestError(413, largerThanAllowed('Request', { is, allowed }))
}
