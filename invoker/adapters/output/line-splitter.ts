/** One line of output as bytes, without its newline. `isPartial`: cut because it was too long, the rest follows as a line. */
export interface RawLine {
  readonly bytes: Uint8Array
  readonly isPartial: boolean
}

/** Longest line, bytes; docker cuts at the same place (protocol reference 6.6). */
export const LINE_BYTES = 16 * 1024

const NEWLINE = 10

/** The line that our runtimes print on both streams after each activation (protocol reference 6.6). */
export const SENTINEL = Buffer.from('XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX')

/**
 * Cuts a stream of bytes into lines of at most {@link LINE_BYTES}, never inside a UTF-8 character or the sentinel. Holds at
 * most one line.
 */
export class LineSplitter {
  #rest: Buffer = Buffer.alloc(0)

  /** Takes the next bytes and gives every line that is whole now. */
  push(chunk: Buffer): RawLine[] {
    const lines: RawLine[] = []
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let start = 0
    while (start < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, start)
      const end = newline < 0 ? bytes.length : newline
      // Without a newline, a sentinel may have begun before the limit: its end decides where to cut.
      if (end - start > LINE_BYTES + (newline < 0 ? SENTINEL.length : 0)) {
        const cut = cutAt(bytes, start)
        lines.push({ bytes: bytes.subarray(start, cut), isPartial: true })
        start = cut
      } else if (newline < 0) {
        break
      } else {
        lines.push({ bytes: bytes.subarray(start, end), isPartial: false })
        start = end + 1
      }
    }
    // A copy: a view would keep the whole chunk in memory for a few bytes.
    this.#rest = Buffer.from(bytes.subarray(start))
    return lines
  }

  /** The line without a newline at the end of the stream, if there is one. */
  end(): RawLine[] {
    const rest = this.#rest
    this.#rest = Buffer.alloc(0)
    return rest.length === 0 ? [] : [{ bytes: rest, isPartial: true }]
  }
}

/** Where a line that is too long is cut: at the limit, or before it where a character or the sentinel would be cut in two. */
function cutAt(bytes: Buffer, start: number): number {
  const limit = start + LINE_BYTES
  const sentinel = bytes.indexOf(SENTINEL, limit - SENTINEL.length + 1)
  if (sentinel >= 0 && sentinel < limit) return sentinel
  for (let cut = limit; cut > limit - 4; cut -= 1) {
    if (((bytes[cut] ?? 0) & 0xc0) !== 0x80) return cut
  }
  return limit
}
