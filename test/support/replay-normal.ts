import type { Json, JsonObject } from '../../invoker/domain/json.ts'
import { isJsonObject } from '../../invoker/domain/json.ts'

/** Headers that say nothing about the API. */
const dropped = new Set([
  'date',
  'server',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'x-powered-by',
])
const hex = /\b[0-9a-f]{32}\b/g
const stamp = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g
const times = new Set(['updated', 'start', 'end'])

/** Puts placeholders for what differs from run to run: ids, times, transaction ids, positions in JSON, the order of the known kinds. */
export function normalText(text: string): string {
  return text
    .replace(/Valid values are: (.*)$/, (_, list: string) => `Valid values are: ${list.split(', ').sort().join(', ')}`)
    .replace(/ +at .*(\n|$)/g, '')
    .replace(stamp, '<timestamp>')
    .replace(hex, '<activationId>')
    .replace(/("code" ?: ?)"[A-Za-z0-9_]{32,}"/g, '$1"<transid>"')
}

/** Annotations that come only with a cold start; `warmwhisk` is none of OpenWhisk's (docs/compatibility.md). */
const coldOnly: ReadonlySet<unknown> = new Set(['initTime', 'warmwhisk'])

/** The same for a JSON value. Annotations and parameters have no order. */
export function normalJson(value: Json, key = ''): Json {
  if (Array.isArray(value)) return normalList(value, key)
  if (isJsonObject(value)) return key === '__ow_headers' ? normalOwHeaders(value) : normalObject(value)
  if (typeof value === 'number') {
    if (times.has(key) && value > 1e12) return '<millis>'
    return key === 'duration' ? '<duration>' : value
  }
  return typeof value === 'string' ? normalString(value, key) : value
}

/** The same for headers. */
export function normalHeaders(headers: Readonly<Record<string, unknown>>): JsonObject {
  const kept = Object.keys(headers).filter((name) => !dropped.has(name))
  return Object.fromEntries(kept.sort().map((name) => [name, normalHeader(name, String(headers[name]))]))
}

function normalHeader(name: string, value: string): string {
  if (name === 'x-request-id') return /^[A-Za-z0-9]{32}$/.test(value) ? '<transid>' : value
  return name === 'x-openwhisk-activation-id' ? '<activationId>' : value
}

function normalList(list: readonly Json[], key: string): Json {
  if (key === 'annotations' || key === 'parameters') {
    const pairs = list.filter(isJsonObject)
    if (pairs.length === list.length && pairs.every((pair) => typeof pair.key === 'string')) {
      return pairs
        .filter((pair) => !coldOnly.has(pair.key))
        .map((pair) => normalObject(pair))
        .sort((one, other) => (String(one.key) < String(other.key) ? -1 : 1))
    }
  }
  if (key !== 'logs') return list.map((element) => normalJson(element))
  return list
    .map((line) => normalJson(line, 'logline'))
    .filter((line) => !/^<timestamp> std(err|out): *$/.test(String(line)))
}

function normalObject(object: JsonObject): JsonObject {
  const names = Object.keys(object).sort()
  const normal: Record<string, Json> = Object.fromEntries(
    names.map((name) => [name, normalJson(object[name] ?? null, name)]),
  )
  if (typeof normal.error === 'string' && typeof normal.code === 'string') normal.code = '<transid>'
  if ((object.key === 'waitTime' || object.key === 'initTime') && typeof normal.value === 'number') {
    normal.value = '<millis>'
  }
  return normal
}

function normalOwHeaders(headers: JsonObject): JsonObject {
  const placeholders: Readonly<Record<string, string>> = {
    host: '<host>',
    authorization: '<authorization>',
    'x-request-id': '<transid>',
    'content-length': '<n>',
  }
  const names = Object.keys(headers).sort()
  return Object.fromEntries(
    names.map((name) => [name.toLowerCase(), placeholders[name.toLowerCase()] ?? headers[name] ?? null]),
  )
}

function normalString(text: string, key: string): string {
  if (key === 'logline' && text.startsWith('{')) {
    try {
      return JSON.stringify(normalJson(JSON.parse(text) as Json))
    } catch {
      // A line that only begins like JSON is text.
    }
  }
  return normalText(text).replace(/\n$/, key === 'logline' ? '' : '\n')
}
