import type { KeyValue } from '../../invoker/domain/action.ts'
import { isJsonObject, type Json } from '../../invoker/domain/json.ts'
import { malformed } from './rest-error.ts'

/**
 * Reads parameters or annotations of a request: an array of `{key, value, init?, encryption?}`, the last of equal keys counts
 * (protocol reference 3.4). Undefined where they are absent or null. @throws RestError 400.
 */
export function readKeyValues(value: Json | undefined): readonly KeyValue[] | undefined {
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value)) throw wrong()
  return mergeKeyValues(value.map(readKeyValue))
}

/** One list of several: of equal keys the last counts. */
export function mergeKeyValues(...lists: readonly (readonly KeyValue[])[]): readonly KeyValue[] {
  return [...new Map(lists.flat().map((pair) => [pair.key, pair])).values()]
}

/** Bytes that pairs count for: keys as text, values as compact JSON (8.4). */
export function sizeOf(pairs: readonly KeyValue[]): number {
  return pairs.reduce(
    (sum, { key, value }) => sum + Buffer.byteLength(key) + Buffer.byteLength(JSON.stringify(value)),
    0,
  )
}

function readKeyValue(entry: Json): KeyValue {
  if (!isJsonObject(entry)) throw wrong()
  const { key, value, init, encryption } = entry
  if (typeof key !== 'string' || value === undefined) throw wrong()
  if (init !== undefined && typeof init !== 'boolean') throw wrong()
  if (encryption !== undefined && typeof encryption !== 'string') throw wrong()
  return {
    key,
    value,
    ...(init === true ? { init } : {}),
    ...(encryption === undefined ? {} : { encryption }),
  }
}

function wrong(): Error {
  return malformed('parameters malformed!')
}
