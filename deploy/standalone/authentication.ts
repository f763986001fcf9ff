import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Identity } from '../../invoker/domain/identity.ts'
import type { SubjectStore } from '../../invoker/store/subjects.ts'
import { setCaller } from './call.ts'
import { messages } from './messages.ts'
import { RestError } from './rest-error.ts'

/** The two halves of a basic authorization, as the client wrote them. */
interface Credentials {
  readonly uuid: string
  readonly key: string
}

/** Notes who asks (protocol reference 8.1). The store keeps identities and forgets them when users change. */
export type Authenticate = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Finds out who asks by the key. What it gives throws RestError 401 for who has none. */
export function authenticate(subjects: Pick<SubjectStore, 'byKey'>): Authenticate {
  return async (request, response) => {
    const credentials = readBasic(request.headers.authorization)
    if (credentials === undefined) throw unauthorized(messages.notSupplied)
    const identity = await identityOf(subjects, credentials)
    if (identity === undefined) throw unauthorized(messages.invalidKey)
    setCaller(response, identity)
  }
}

/**
 * Reads `Basic <base64 of uuid:key>`; the scheme in any case, a missing colon means an empty key.
 * Another scheme, or no base64, counts as nothing supplied, as in OpenWhisk.
 */
export function readBasic(header: string | undefined): Credentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header?.trim() ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  return colon < 0 ? { uuid: text, key: '' } : { uuid: text.slice(0, colon), key: text.slice(colon + 1) }
}

async function identityOf(
  subjects: Pick<SubjectStore, 'byKey'>,
  { uuid, key }: Credentials,
): Promise<Identity | undefined> {
  // No other length can be a key (3.6): spares the store a question.
  if (key.length !== 64) return undefined
  const identity = await subjects.byKey(uuid, key)
  return identity !== undefined && isSame(identity.authkey.api_key ?? '', `${uuid}:${key}`) ? identity : undefined
}

/** Takes equally long for every wrong key. */
function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function unauthorized(text: string): RestError {
  const headers = { 'WWW-Authenticate': 'Basic realm="OpenWhisk secure realm",charset=UTF-8' }
  return new RestError(401, text, { isRejection: true, headers })
}
