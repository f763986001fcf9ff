import { performance } from 'node:perf_hooks'
import type { Dispatcher } from 'undici'
import type { Exchange, ExchangeLimits } from '../../ports/action-client.ts'
import { ResponseBody } from './response-body.ts'

/** How an exchange ended, before its time is known. */
type Outcome = Exchange extends infer E ? (E extends Exchange ? Omit<E, 'elapsedMs'> : never) : never

const refusals = new Set(['ECONNREFUSED', 'ENOENT', 'EHOSTUNREACH', 'ENETUNREACH'])

/**
 * One request and what comes of it, told by undici's callbacks. The first outcome counts; `settle` is called once with it.
 * Rules: protocol reference 6.3.
 */
export class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #startedMs = performance.now()
  readonly #limits: ExchangeLimits
  readonly #settle: (exchange: Exchange) => void
  #statusCode = 0
  #body: ResponseBody | undefined
  #isSettled = false

  constructor(limits: ExchangeLimits, settle: (exchange: Exchange) => void) {
    this.#limits = limits
    this.#settle = settle
  }

  /** Ends the exchange at its time limit. */
  timeOut(): void {
    this.#end({ kind: 'timeout' })
  }

  onRequestStart(): void {
    // undici takes a handler for one of its own kind by this method.
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (statusCode < 200) return
    this.#statusCode = statusCode
    const length = headers['content-length']
    if (typeof length === 'string' && statusCode !== 204) {
      this.#body = new ResponseBody(Number(length), this.#limits)
      return
    }
    this.#end({ kind: 'no-response' })
    controller.abort(new Error('The answer has no Content-Length'))
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.take(chunk)
  }

  onResponseEnd(): void {
    const statusCode = this.#statusCode
    this.#end(this.#body === undefined ? { kind: 'no-response' } : { statusCode, ...this.#body.read() })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error & { readonly code?: string }): void {
    this.#end({ kind: refusals.has(error.code ?? '') ? 'refused' : 'no-response' })
  }

  #end(outcome: Outcome): void {
    if (this.#isSettled) return
    this.#isSettled = true
    const passedMs = Math.floor(performance.now() - this.#startedMs)
    // A timer may fire a fraction of a millisecond early.
    const elapsedMs = outcome.kind === 'timeout' ? Math.max(passedMs, this.#limits.timeoutMs) : passedMs
    this.#settle({ ...outcome, elapsedMs })
  }
}
