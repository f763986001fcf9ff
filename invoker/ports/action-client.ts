import type { JsonObject } from '../domain/json.ts'
import type { Endpoint } from './containers.ts'

/** What came back from /init or /run, before anyone judges it (protocol reference 6.3). */
export type Exchange =
  | { readonly kind: 'answered'; readonly statusCode: number; readonly body: string; readonly elapsedMs: number }
  /** Longer than allowed: `body` holds the first `truncation` bytes, `length` is the real length in bytes. */
  | {
      readonly kind: 'truncated'
      readonly statusCode: number
      readonly body: string
      readonly length: number
      readonly maxBytes: number
      readonly elapsedMs: number
    }
  | { readonly kind: 'timeout'; readonly elapsedMs: number }
  /** Refused: nothing listens. On a reused container the job runs elsewhere. */
  | { readonly kind: 'refused'; readonly elapsedMs: number }
  /** The connection broke, or the answer had no Content-Length. */
  | { readonly kind: 'no-response'; readonly elapsedMs: number }

/** How long and how much. `timeoutMs` is the action's limit. */
export interface ExchangeLimits {
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly truncationBytes: number
}

/** A connection to one container's runtime. Never rejects: every outcome is an {@link Exchange}. */
export interface ActionConnection {
  /** Retries while the connection is refused, within the time limit. */
  init(body: JsonObject, limits: ExchangeLimits): Promise<Exchange>
  /** Never retries. */
  run(body: JsonObject, limits: ExchangeLimits): Promise<Exchange>
  /** Tells one of our own runtimes to record imports from now on (runtimes/CONTRACT.md); before /init. */
  learn(limits: ExchangeLimits): Promise<Exchange>
  /** Asks for what was recorded since, and ends the recording. The answer's body is for an ImportLearner. */
  imports(limits: ExchangeLimits): Promise<Exchange>
  close(): Promise<void>
}

/** Opens connections to runtimes. */
export interface ActionClient {
  connect(endpoint: Endpoint): ActionConnection
}
