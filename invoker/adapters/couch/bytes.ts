import type { Dispatcher, Pool } from 'undici'
import { type Attempt, toFault } from './faults.ts'
import { wholeAnswer } from './whole-answer.ts'

/** Bytes sent or awaited; `path` and `query` stand under the database. */
export interface BytesCall {
  readonly what: string
  readonly path: string
  /** Trying again after a lost answer does no harm. */
  readonly isRepeatable: boolean
  readonly upload?: {
    readonly method: 'PUT' | 'POST'
    readonly data: Buffer | string
    readonly contentType: string
    readonly query: Readonly<Record<string, string>>
  }
}

/** Where to, and as whom. */
export interface BytesTarget {
  readonly pool: Pool
  /** Ends with a slash. */
  readonly databasePath: string
  readonly headers: Readonly<Record<string, string>>
  readonly attempt: Attempt
}

/**
 * Bytes of an answer, undefined where it is 404. Not through nano, for attachments since a connection that breaks in the middle of
 * bytes leaves nano's promise unsettled and a rejection that nobody handles, and for activation records since nano and the fetch
 * below it take several times the CPU, which every activation would pay.
 * @throws Fault.
 */
export async function exchangeBytes({ path, upload }: BytesCall, target: BytesTarget): Promise<Buffer | undefined> {
  const { pool, databasePath, attempt } = target
  const { statusCode, bytes } = await wholeAnswer(pool, {
    path: `${databasePath}${path}`,
    // What is sent may take its time: a millisecond per KiB.
    headersTimeout: attempt.timeoutMs + (upload?.data.length ?? 0) / 1024,
    bodyTimeout: attempt.timeoutMs,
    ...(upload === undefined ? { method: 'GET', headers: target.headers } : uploading(upload, target.headers)),
  }).catch((error: unknown) => {
    throw toFault(error, attempt)
  })
  if (statusCode === 404) return undefined
  if (statusCode >= 300) throw toFault({ statusCode, reason: bytes.toString('utf8', 0, 200) }, attempt)
  return bytes
}

function uploading(
  { method, data, contentType, query }: NonNullable<BytesCall['upload']>,
  headers: BytesTarget['headers'],
): Pick<Dispatcher.DispatchOptions, 'method' | 'headers' | 'body' | 'query'> {
  return { method, headers: { ...headers, 'content-type': contentType }, body: data, query }
}
