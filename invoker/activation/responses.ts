import type { Json } from '../domain/json.ts'
import { type ActivationResponse, type StatusCode, status } from '../domain/response.ts'

/** A failure: `{"error": …}` with a status (protocol reference 6.4). `size` where a body was received. */
function failure(statusCode: StatusCode, error: Json, size?: number): ActivationResponse {
  return { statusCode, result: { error }, ...(size !== undefined && { size }) }
}

/** The action said that it failed. */
export function applicationError(error: Json, size?: number): ActivationResponse {
  return failure(status.applicationError, error, size)
}

/** The action's code or container is broken. */
export function developerError(error: Json, size?: number): ActivationResponse {
  return failure(status.developerError, error, size)
}

/** We failed. */
export function whiskError(error: Json): ActivationResponse {
  return failure(status.whiskError, error)
}
