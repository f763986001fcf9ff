import { messages } from './messages.ts'

/** How a request ends without a result: status and text of OpenWhisk's error body (protocol reference 8.1). */
export class RestError extends Error {
  readonly status: number
  /** What a route never accepted: such answers carry no CORS headers in OpenWhisk. */
  readonly isRejection: boolean
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    text: string,
    options: { readonly isRejection?: boolean; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(text)
    this.name = 'RestError'
    this.status = status
    this.isRejection = options.isRejection ?? false
    this.headers = options.headers ?? {}
  }
}

/** A request that no route accepts. */
export function rejected(status: number, text: string): RestError {
  return new RestError(status, text, { isRejection: true })
}

/** 400: the body is not what the route reads (8.1). */
export function malformed(detail: string): RestError {
  return rejected(400, `The request content was malformed:\n${detail}`)
}

/** 404: nothing is at this path, or not by this verb. */
export function noRoute(): RestError {
  return rejected(404, messages.noRoute)
}

/** 404: the entity is not there. */
export function missing(): RestError {
  return new RestError(404, messages.missing)
}
