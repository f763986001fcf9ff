import { isJsonObject } from '../../domain/json.ts'
import { Fault } from '../../faults/fault.ts'

/** What was tried, for the sentence of a fault. */
export interface Attempt {
  /** `get "guest/hello"`, say. Never with a secret. */
  readonly what: string
  readonly database: string
  readonly timeoutMs: number
}

/** Where a request was refused: nothing of it reached the database, so that writes may be repeated too. */
const neverSent = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|AggregateError|ConnectTimeoutError/

/** Turns what nano or undici threw into a fault. Answers 404 are no business of this function, except a missing database's. */
export function toFault(error: unknown, attempt: Attempt): Fault {
  const statusCode = isCouchError(error) ? error.statusCode : undefined
  if (statusCode !== undefined) return ofStatus(statusCode, { error, attempt })
  const text = reasonOf(error)
  const facts = { ...factsOf(attempt), wasSent: !neverSent.test(text) }
  if (/timeout|timed out/i.test(text) && facts.wasSent) {
    return unavailable(`${attempt.what} got no answer within ${attempt.timeoutMs} ms`, { facts, cause: error })
  }
  return unavailable(`${attempt.what} failed in the connection (${text})`, { facts, cause: error })
}

/** An answer that is not what CouchDB answers, or only a part of it. */
export function brokenAnswer(attempt: Attempt): Fault {
  return unavailable(`the answer to ${attempt.what} broke off`, { facts: { ...factsOf(attempt), wasSent: true } })
}

/** The database itself is not there: nothing that a caller could mend. */
export function missingDatabase(attempt: Attempt): Fault {
  return new Fault('STORE_REFUSED', `the database "${attempt.database}" does not exist`, { facts: factsOf(attempt) })
}

/** The answer's status, undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
  return isCouchError(error) ? error.statusCode : undefined
}

/** Why, in the words of CouchDB or of the connection. */
export function reasonOf(error: unknown): string {
  if (isJsonObject(error) && typeof error.reason === 'string') return error.reason
  if (!(error instanceof Error)) return String(error)
  const said: unknown = Reflect.get(error, 'reason')
  const code: unknown = Reflect.get(error, 'code')
  if (typeof said === 'string') return said
  return typeof code === 'string' ? `${code}: ${error.message}` : `${error.name}: ${error.message}`
}

function ofStatus(
  statusCode: number,
  { error, attempt }: { readonly error: unknown; readonly attempt: Attempt },
): Fault {
  const options = { facts: { ...factsOf(attempt), statusCode, wasSent: true }, cause: error }
  if (statusCode === 409) return new Fault('DOCUMENT_CONFLICT', `${attempt.what} met another revision`, options)
  if (statusCode === 401 || statusCode === 403) {
    return new Fault('STORE_REFUSED', `"${attempt.database}" does not let this user ${attempt.what}`, options)
  }
  if (statusCode >= 500 || statusCode === 429 || statusCode === 408) {
    return unavailable(`${attempt.what} was answered ${statusCode} (${reasonOf(error)})`, options)
  }
  return new Fault('STORE_REFUSED', `${attempt.what} was answered ${statusCode} (${reasonOf(error)})`, options)
}

function unavailable(detail: string, options: ConstructorParameters<typeof Fault>[2]): Fault {
  return new Fault('STORE_UNAVAILABLE', detail, options)
}

function factsOf({ database }: Attempt): { readonly database: string } {
  return { database }
}

function isCouchError(error: unknown): error is { readonly statusCode: number } {
  return typeof error === 'object' && error !== null && typeof Reflect.get(error, 'statusCode') === 'number'
}
