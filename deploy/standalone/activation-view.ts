import type { WhiskActivation } from '../../invoker/domain/activation.ts'
import type { Json } from '../../invoker/domain/json.ts'
import { type ActivationResponse, type StatusCode, status } from '../../invoker/domain/response.ts'

/** External texts of the status codes (protocol reference 6.4). */
const texts: Readonly<Record<StatusCode, string>> = {
  [status.success]: 'success',
  [status.applicationError]: 'application error',
  [status.developerError]: 'action developer error',
  [status.whiskError]: 'whisk internal error',
}

/** HTTP status of a blocking invocation (8.5). */
export const httpStatus: Readonly<Record<StatusCode, number>> = {
  [status.success]: 200,
  [status.applicationError]: 502,
  [status.developerError]: 502,
  [status.whiskError]: 500,
}

/** An activation as the API shows it (7.5): a trigger, whose `end` is 0, shows neither end nor duration. */
export function activationView(activation: WhiskActivation): object {
  const { response, end, duration, namespace, name, subject, activationId, start, cause, logs } = activation
  const { version, publish, annotations } = activation
  return {
    namespace,
    name,
    subject,
    activationId,
    start,
    ...(end === 0 ? {} : { end, duration: duration ?? end - start }),
    ...(cause === undefined ? {} : { cause }),
    response: responseView(response),
    logs,
    version,
    publish,
    annotations,
  }
}

/** A response as the API shows it (7.5, 8.10). */
export function responseView({ statusCode, result, size }: ActivationResponse): object {
  return {
    ...(result === undefined ? {} : { result }),
    ...(size === undefined ? {} : { size }),
    status: texts[statusCode],
    success: statusCode === status.success,
  }
}

/** Body of a blocking invocation (8.5): an array result is always given bare. */
export function invokedView(activation: WhiskActivation, wantsResult: boolean): Json | object {
  const { result } = activation.response
  return wantsResult || Array.isArray(result) ? (result ?? {}) : activationView(activation)
}
