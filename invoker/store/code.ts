import { createHash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import type { Attached } from '../domain/action.ts'

/** Characters converted between two turns of the event loop: a multiple of 4 (base64) and, as bytes, of 3. */
const sliceLength = 3 * 4 * 65_536

/** Below this many bytes code stands in the attachment's name itself (protocol reference 3.3, `mem:`). */
export const maxInlineBytes = 16_384

/** Whether code given as text counts as base64: not blank, a multiple of 4 long, of the standard alphabet only (3.3). */
export function isBinaryCode(code: string): boolean {
  const text = code.trim()
  if (text.length === 0 || text.length % 4 !== 0) return false
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  // One linear scan: the usual pattern of repeated groups overflows the stack on 64 MB.
  return !/[^A-Za-z0-9+/]/.test(padding === 0 ? text : text.slice(0, -padding))
}

/** Bytes of code as an attachment holds them: decoded from base64 when `isBinary`, else UTF-8. Works in slices, so that 48 MB stop nobody. */
export async function codeToBytes(code: string, isBinary: boolean): Promise<Buffer> {
  const text = isBinary ? code.trim() : code
  const encoding = isBinary ? 'base64' : 'utf8'
  if (text.length <= sliceLength) return Buffer.from(text, encoding)
  const parts: Buffer[] = []
  for (let from = 0; from < text.length; ) {
    const to = endOfSlice(text, from + sliceLength)
    parts.push(Buffer.from(text.slice(from, to), encoding))
    from = to
    await turn()
  }
  return Buffer.concat(parts)
}

/** The inverse of {@link codeToBytes}: base64 with padding when `isBinary`, else text. */
export async function bytesToCode(bytes: Buffer, isBinary: boolean): Promise<string> {
  // Text cannot be cut at any byte, and reading it is ten times cheaper than it is to encode.
  if (!isBinary || bytes.length <= sliceLength) return bytes.toString(isBinary ? 'base64' : 'utf8')
  const parts: string[] = []
  for (let from = 0; from < bytes.length; from += sliceLength) {
    parts.push(bytes.toString('base64', from, Math.min(from + sliceLength, bytes.length)))
    await turn()
  }
  return parts.join('')
}

/** How code is attached: bytes, media type, and where it is small the reference that holds it all. */
export interface EncodedCode {
  readonly data: Buffer
  readonly contentType: string
  readonly inline: Attached | undefined
}

/** Encodes code for a document (3.3). */
export async function encodeCode(code: string, isBinary: boolean): Promise<EncodedCode> {
  const data = await codeToBytes(code, isBinary)
  const contentType = isBinary ? 'application/octet-stream' : 'text/plain; charset=UTF-8'
  return { data, contentType, inline: data.length < maxInlineBytes ? inlined(data, contentType) : undefined }
}

/** Bytes of a `mem:` reference, undefined when the code is elsewhere. */
export function inlineBytes(attached: Attached): Buffer | undefined {
  if (!attached.attachmentName.startsWith('mem:')) return undefined
  return Buffer.from(attached.attachmentName.slice('mem:'.length), 'base64url')
}

function inlined(data: Buffer, contentType: string): Attached {
  // OpenWhisk pads the URL-safe alphabet, Node does not.
  const name = data.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
  return {
    attachmentName: `mem:${name}`,
    attachmentType: contentType,
    length: data.length,
    digest: `sha256-${createHash('sha256').update(data).digest('hex')}`,
  }
}

function endOfSlice(text: string, end: number): number {
  if (end >= text.length) return text.length
  // Never between the halves of a surrogate pair. Base64 has none, so that its slices stay multiples of 4.
  const last = text.charCodeAt(end - 1)
  return last >= 0xd800 && last <= 0xdbff ? end + 1 : end
}
