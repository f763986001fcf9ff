import type { Dispatcher } from 'undici'

/** An answer, read to its end. */
export interface WholeAnswer {
  readonly statusCode: number
  readonly bytes: Buffer
}

/**
 * Sends a request and reads the answer to its end. Uses undici's `dispatch`, below the streams and abort signals of its `request`:
 * every activation record goes this way. @throws Error of undici.
 */
export function wholeAnswer(dispatcher: Dispatcher, request: Dispatcher.DispatchOptions): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let statusCode = 0
    dispatcher.dispatch(request, {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, status) => {
        statusCode = status
      },
      onResponseData: (_controller, chunk) => {
        chunks.push(chunk)
      },
      onResponseEnd: () => {
        const [only] = chunks
        resolve({ statusCode, bytes: only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks) })
      },
      onResponseError: (_controller, error) => reject(error),
    })
  })
}
