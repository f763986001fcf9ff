import { isJsonObject, type Json } from '../../invoker/domain/json.ts'
import type { ActionLimits } from '../../invoker/domain/limits.ts'
import { malformed } from './rest-error.ts'

/** How each limit is called when it is no number, and when it is no whole number. */
const fields = [
  { field: 'timeout', malformed: 'time limit', whole: 'time limit', isSize: false },
  { field: 'memory', malformed: 'memory limit', whole: 'memory limit', isSize: true },
  { field: 'logs', malformed: 'log limit', whole: 'log limit', isSize: true },
  { field: 'concurrency', malformed: 'concurrency limit', whole: 'intra concurrency limit', isSize: false },
  { field: 'instances', malformed: 'instance concurrency limit', whole: 'instance concurrency limit', isSize: false },
] as const satisfies readonly { field: keyof ActionLimits; malformed: string; whole: string; isSize: boolean }[]

/**
 * Reads `limits` of a request; what is absent or null is left out. Whether the values are allowed is not judged here.
 * @throws RestError 400 with OpenWhisk's texts.
 */
export function readLimits(value: Json | undefined): Partial<ActionLimits> | undefined {
  if (value === undefined || value === null) return undefined
  if (!isJsonObject(value)) throw malformed("Object expected in field 'timeout'")
  const read = fields.flatMap((rule) => {
    const given = value[rule.field] ?? undefined
    return given === undefined ? [] : [[rule.field, readLimit(given, rule)] as const]
  })
  return Object.fromEntries(read)
}

function readLimit(value: Json, rule: (typeof fields)[number]): number {
  if (typeof value !== 'number') throw malformed(`${rule.malformed} malformed`)
  if (!Number.isInteger(value)) throw malformed(`requirement failed: ${rule.whole} must be whole number`)
  // As in OpenWhisk, the low 32 bits count: too large a number then fails against its bounds.
  const number = Number(BigInt.asIntN(32, BigInt(value)))
  if (rule.isSize && number < 0) throw malformed('requirement failed: a negative size of an object is not allowed.')
  return number
}
