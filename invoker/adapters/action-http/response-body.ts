import type { ExchangeLimits } from '../../ports/action-client.ts'

/** What a body turned out to be. */
type Read =
  | { readonly kind: 'answered'; readonly body: string }
  | { readonly kind: 'truncated'; readonly body: string; readonly length: number; readonly maxBytes: number }

/** Collects a body of known length in bytes: all of it, or the first `truncationBytes` where it is longer than allowed (6.3). */
export class ResponseBody {
  readonly #length: number
  readonly #limits: ExchangeLimits
  readonly #chunks: Buffer[] = []
  #missing: number

  constructor(length: number, limits: ExchangeLimits) {
    this.#length = length
    this.#limits = limits
    this.#missing = length > limits.maxBytes ? Math.min(limits.truncationBytes, length) : length
  }

  /** Keeps what is wanted of a chunk and lets the rest go by. */
  take(chunk: Buffer): void {
    if (this.#missing === 0) return
    const wanted = chunk.length > this.#missing ? chunk.subarray(0, this.#missing) : chunk
    this.#missing -= wanted.length
    this.#chunks.push(wanted)
  }

  read(): Read {
    const [only] = this.#chunks
    const bytes = only !== undefined && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks)
    const body = bytes.toString('utf8')
    const { maxBytes } = this.#limits
    return this.#length > maxBytes
      ? { kind: 'truncated', body, length: this.#length, maxBytes }
      : { kind: 'answered', body }
  }
}
