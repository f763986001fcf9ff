import type { IncomingHttpHeaders } from 'node:http'
import { isJsonObject, type Json, type JsonObject } from '../../invoker/domain/json.ts'
import { normalHeaders, normalJson, normalText } from './replay-normal.ts'

/** A recorded exchange with the real controller. */
export interface Exchange {
  readonly id: string
  readonly request: {
    readonly auth?: string
    readonly method: string
    readonly path: string
    readonly headers?: Readonly<Record<string, string>>
    readonly contentType?: string
    readonly body?: Json
    readonly bodyBase64?: string
    readonly bodyGen?: {
      readonly prefix: string
      readonly repeat: string
      readonly count: number
      readonly suffix: string
    }
  }
  readonly response: NormalResponse
  /** Variables for later paths, each with its place in this response. */
  readonly capture?: Readonly<Record<string, string>>
  readonly delayMs?: number
  readonly retryMs?: number
  readonly mask?: readonly string[]
  readonly bodyMode?: 'keys' | 'names' | 'sortedNames' | 'raw' | 'any'
}

/** A response with placeholders for what differs from run to run. */
export interface NormalResponse {
  readonly status: number
  readonly headers: JsonObject
  readonly body: Json
}

/** A response as it came. */
export interface RawResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** What is kept of a long text: the recordings are cut there too. */
const cutAt = 6000

/** Puts variables in place of `{{name}}`. */
export function substitute(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => variables.get(name) ?? whole)
}

/** The body to send, undefined for none. */
export function bodyOf({ request }: Exchange, variables: ReadonlyMap<string, string>): Buffer | undefined {
  const { bodyGen, bodyBase64, body } = request
  if (bodyGen) return Buffer.from(bodyGen.prefix + bodyGen.repeat.repeat(bodyGen.count) + bodyGen.suffix)
  if (bodyBase64 !== undefined) return Buffer.from(bodyBase64, 'base64')
  if (body === undefined) return undefined
  return Buffer.from(substitute(typeof body === 'string' ? body : JSON.stringify(body), variables))
}

/** Takes the variables that an exchange captures; what is not there is not taken. */
export function captured({ capture = {} }: Exchange, { headers, body }: RawResponse): readonly [string, string][] {
  const json = jsonOf(body.toString())
  return Object.entries(capture).flatMap(([name, place]) => {
    const value = place.startsWith('header:') ? headers[place.slice('header:'.length)] : valueAt(json, place)
    return value === undefined ? [] : [[name, String(value)] as [string, string]]
  })
}

/** A response in the form in which recordings are compared. */
export function normalResponse({ status, headers, body }: RawResponse, exchange: Exchange): NormalResponse {
  const value = cut(moded(masked(normalBody(body), exchange), body, exchange))
  return { status, headers: normalHeaders(headers), body: value }
}

/** The first difference as a sentence, undefined where there is none. */
export function difference(expected: Json | undefined, got: Json | undefined, place: string): string | undefined {
  if (canonical(expected) === canonical(got)) return undefined
  if (isComposite(expected) && isComposite(got) && Array.isArray(expected) === Array.isArray(got)) {
    const [left, right] = [expected as JsonObject, got as JsonObject]
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const found = difference(left[name], right[name], `${place}.${name}`)
      if (found !== undefined) return found
    }
  }
  return `${place}: expected ${shown(expected)} got ${shown(got)}`
}

function normalBody(body: Buffer): Json {
  if (body.length === 0) return null
  const text = body.toString()
  if (!Buffer.from(text).equals(body)) return { '<base64>': body.toString('base64').slice(0, cutAt) }
  const json = jsonOf(text)
  if (json !== undefined) return normalJson(json)
  const normal = normalText(text)
  return normal.length > cutAt ? `${normal.slice(0, 200)}<cut ${normal.length - 200} bytes>` : normal
}

function masked(body: Json, { mask = [] }: Exchange): Json {
  return mask.reduce((value, place) => (isJsonObject(value) ? maskAt(value, place.split('.')) : value), body)
}

function maskAt(object: JsonObject, [name = '', ...rest]: readonly string[]): JsonObject {
  const value = object[name]
  if (value === undefined) return object
  if (rest.length === 0) return { ...object, [name]: '<runtime>' }
  return isJsonObject(value) ? { ...object, [name]: maskAt(value, rest) } : object
}

function moded(value: Json, body: Buffer, { bodyMode }: Exchange): Json {
  const names = (): Json[] =>
    Array.isArray(value) ? value.map((entry: Json) => (isJsonObject(entry) ? (entry.name ?? null) : null)) : []
  switch (bodyMode) {
    case undefined:
      return value
    case 'keys':
      return isComposite(value) ? { '<keys>': Object.keys(value as object).sort() } : value
    case 'names':
      return names()
    case 'sortedNames':
      return names().sort()
    case 'raw':
      return normalText(body.toString())
        .replace(/("(?:updated|start|end)":)\d{13}/g, '$1<millis>')
        .replace(/("duration":)\d+/g, '$1<duration>')
        .slice(0, cutAt)
    case 'any':
      return '<any>'
    default:
      return bodyMode satisfies never
  }
}

function cut(value: Json): Json {
  if (typeof value === 'string' && value.length > cutAt)
    return `${value.slice(0, 100)}<cut ${value.length - 100} chars>`
  if (Array.isArray(value)) return value.map(cut)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, cut(part)]))
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    // Text that is no JSON is compared as text.
    return undefined
  }
}

function valueAt(json: Json | undefined, place: string): Json | undefined {
  return place.split('.').reduce<Json | undefined>((value, name) => (value as JsonObject | undefined)?.[name], json)
}

function isComposite(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null
}

function canonical(value: Json | undefined): string {
  return JSON.stringify(value, (_, part: Json) =>
    isJsonObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  )
}

function shown(value: Json | undefined): string {
  return value === undefined ? '(absent)' : JSON.stringify(value).slice(0, 260)
}
