import type { IncomingMessage } from 'node:http'
import { newTransactionId, type TransactionId } from '../../invoker/domain/transid.ts'

/**
 * The transaction id of a request: the client's `X-Request-ID` unless it begins with `sid_`, which is the system's, else a
 * fresh one; `X-OW-EXTRA-LOGGING: on` asks for more logging (protocol reference 2.2, 8.1).
 */
export function transactionFrom(request: IncomingMessage, nowMs: number): TransactionId {
  const given = request.headers['x-request-id']
  const isUsable = typeof given === 'string' && given !== '' && !given.startsWith('sid_')
  const wantsExtraLogging = request.headers['x-ow-extra-logging'] === 'on'
  return newTransactionId(isUsable ? given : undefined, nowMs, wantsExtraLogging)
}
