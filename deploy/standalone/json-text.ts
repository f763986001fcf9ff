import type { Json } from '../../invoker/domain/json.ts'
import { isTooDeep, maxDepth } from '../../invoker/domain/json-depth.ts'
import { explainJsonError } from './json-error.ts'
import { malformed } from './rest-error.ts'

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
  if (isTooDeep(text)) {
    throw malformed(
      `JSON input nested too deeply:JSON input was nested more deeply than the configured limit of maxNesting = ${maxDepth}`,
    )
  }
  return value
}
