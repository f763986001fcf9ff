import type { Client, Pool } from 'undici'

/** A request of the benchmarks. */
export interface FloorRequest {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: string
  /** Names and values in turn; {@link jsonHeaders} where nothing else is said. */
  readonly headers?: readonly string[]
}

/** JSON both ways. */
export const jsonHeaders: readonly string[] = ['content-type', 'application/json', 'accept', 'application/json']

/**
 * Sends one request and gives the answer's text. Uses undici's `dispatch`, below its streams and abort signals: the
 * least work a request can be on this stack.
 * @throws Error when the answer is not 2xx.
 */
export function exchange(
  client: Client | Pool,
  { method, path, body, headers = jsonHeaders }: FloorRequest,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let status = 0
    client.dispatch(
      { method, path, headers: headers as string[], ...(body === undefined ? {} : { body }) },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, statusCode) => {
          status = statusCode
        },
        onResponseData: (_controller, chunk) => {
          chunks.push(chunk)
        },
        onResponseEnd: () => {
          const text = (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? ''
          if (status >= 200 && status < 300) resolve(text)
          else reject(new Error(`Cannot ${method} "${path}": the answer was ${status} ${text}, not 2xx`))
        },
        onResponseError: (_controller, error) => reject(error),
      },
    )
  })
}
