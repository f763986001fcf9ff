import type { Json } from '../../invoker/domain/json.ts'
import { explainJsonError } from './json-error.ts'
import { malformed } from './rest-error.ts'

/** How deep the arrays and objects of a request may nest: the limit of OpenWhisk's parser. */
const maxDepth = 1000

/**
 * Parses a request's JSON.
 * @throws RestError 400 with the place of the error, as OpenWhisk's parser words it, or when it nests too deeply.
 */
export function parseJson(text: string): Json {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    // V8's own message has another wording and no place.
    throw malformed(explainJsonError(text))
  }
  if (isTooDeep(value)) {
    throw malformed(
      `JSON input nested too deeply:JSON input was nested more deeply than the configured limit of maxNesting = ${maxDepth}`,
    )
  }
  return value
}

/** Level by level instead of recursive: what is too deep must not exhaust the stack. */
function isTooDeep(value: Json): boolean {
  let level: readonly Json[] = [value]
  for (let depth = 0; depth < maxDepth; depth += 1) {
    level = level.flatMap(children)
    if (level.length === 0) return false
  }
  return true
}

function children(value: Json): readonly Json[] {
  if (typeof value !== 'object' || value === null) return []
  return (Array.isArray(value) ? value : Object.values(value)).filter(
    (child) => typeof child === 'object' && child !== null,
  )
}
