import type { IncomingMessage } from 'node:http'
import { messages } from './messages.ts'
import { isName } from './names.ts'
import { type RestError, rejected } from './rest-error.ts'

/** Query parameters of a request: the first of each name counts. */
export function queryOf({ url = '' }: IncomingMessage): URLSearchParams {
  const start = url.indexOf('?')
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1))
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['off', false],
  ['0', false],
])

/** A yes or no in OpenWhisk's spellings; `otherwise` where it is absent or empty. @throws RestError 400. */
export function flag(query: URLSearchParams, name: string, otherwise: boolean): boolean {
  const value = query.get(name)
  if (value === null || value === '') return otherwise
  const found = booleans.get(value.toLowerCase())
  if (found === undefined) throw malformedParameter(name, `'${value}' is not a valid Boolean value`)
  return found
}

/** Which part of a list is wanted (protocol reference 8.3). */
export interface Page {
  readonly skip: number
  readonly limit: number
}

/** Most entities in one answer; a limit of 0 asks for as many. */
const maxLimit = 200

/** `skip` and `limit` of a list. @throws RestError 400 with the text of 8.3. */
export function page(query: URLSearchParams, collection: string): Page {
  const skip = integer(query, { name: 'skip', collection, otherwise: 0 })
  if (skip < 0) {
    throw malformedParameter('skip', `The value '${skip}' is not greater than or equal to 0 for ${collection}.`)
  }
  const limit = integer(query, { name: 'limit', collection, otherwise: 30 })
  if (limit < 0 || limit > maxLimit) {
    throw malformedParameter('limit', `The value '${limit}' is not in the range of 0 to ${maxLimit} for ${collection}.`)
  }
  return { skip, limit: limit === 0 ? maxLimit : limit }
}

/** Milliseconds since the epoch (8.10). @throws RestError 400. */
export function instant(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name)
  if (value === null) return undefined
  const ms = Number(value)
  if (!/^[+-]?\d{1,19}$/.test(value) || !Number.isFinite(ms)) {
    throw malformedParameter(name, `Parameter is not a valid value for epoch seconds: ${value}`)
  }
  return ms
}

/** The filter `action` or `package/action` of 8.10; undefined where it is absent or blank. @throws RestError 400. */
export function nameFilter(query: URLSearchParams): string | undefined {
  const value = query.get('name')
  if (value === null || value.trim() === '') return undefined
  const parts = value.split('/').filter((part) => part !== '')
  if (parts.length > 0 && parts.length <= 2 && parts.every(isName)) return parts.join('/')
  throw malformedParameter('name', `Parameter may be a 'simple' name or 'package-name/simple' name: ${value}`)
}

/** How long a blocking call may wait, in ms (8.5). @throws RestError 400. */
export function waitMs(query: URLSearchParams, maxMs: number): number {
  const value = query.get('timeout')
  if (value === null) return maxMs
  const ms = Number(value)
  if (!/^\+?\d+$/.test(value) || ms < 1 || ms > maxMs) throw malformedParameter('timeout', messages.timeoutOutOfRange)
  return ms
}

/** 400: a query parameter is not what the route reads. */
export function malformedParameter(name: string, detail: string): RestError {
  return rejected(400, `The query parameter '${name}' was malformed:\n${detail}`)
}

/** A 32-bit integer, as the real controller reads it. */
function integer(
  query: URLSearchParams,
  { name, collection, otherwise }: { readonly name: string; readonly collection: string; readonly otherwise: number },
): number {
  const value = query.get(name)
  if (value === null) return otherwise
  const number = Number(value)
  if (!/^[+-]?\d+$/.test(value) || Math.abs(number) > 0x7fffffff) {
    throw malformedParameter(name, `The value '${value}' is not an integer for ${collection}.`)
  }
  return number
}
