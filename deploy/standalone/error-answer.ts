import type { ServerResponse } from 'node:http'
import { Fault } from '../../invoker/faults/fault.ts'
import type { Log } from '../../invoker/ports/log.ts'
import { cors, sendJson } from './answer.ts'
import { transactionOf } from './call.ts'
import { messages } from './messages.ts'
import { RestError, rejected } from './rest-error.ts'

/** Answers every error with OpenWhisk's body: `{"error": text, "code": transaction id}` (protocol reference 8.1). */
export function answerError(log: Log): (error: unknown, response: ServerResponse) => void {
  return (error, response) => {
    const transid = transactionOf(response)
    const { status, message, isRejection, headers } = toRestError(error)
    if (status >= 500 && status !== 501) log.error('request failed', { transid: transid.id, status, error })
    if (response.headersSent) {
      response.destroy()
      return
    }
    sendJson(response, {
      status,
      body: { error: message, code: transid.id },
      headers: { ...(isRejection ? {} : cors), ...headers },
    })
  }
}

function toRestError(error: unknown): RestError {
  if (error instanceof RestError) return error
  if (error instanceof Fault) return fromFault(error)
  // Express could not decode the path.
  if (error instanceof URIError) return rejected(400, 'Illegal request-target: the path is not percent-encoded')
  return new RestError(500, messages.internal)
}

/** Faults of the platform name themselves: their texts hold no secrets, and a full disk is better told than hidden. */
function fromFault(fault: Fault): RestError {
  switch (fault.code) {
    case 'DOCUMENT_CONFLICT':
      return new RestError(409, messages.conflict)
    case 'DOCUMENT_UNREADABLE':
      return new RestError(500, messages.corrupted)
    case 'MESSAGE_TOO_LARGE':
      return new RestError(413, messages.entityTooLarge)
    default:
      return new RestError(fault.isRetryable ? 503 : 500, fault.message)
  }
}
