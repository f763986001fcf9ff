import type { IncomingMessage } from 'node:http'
import { isJsonObject, type Json, type JsonObject } from '../../invoker/domain/json.ts'
import { parseJson } from './json-text.ts'
import { messages } from './messages.ts'
import { malformed, RestError, rejected } from './rest-error.ts'

/** How large a body may be, and what is told of a larger one. */
export interface BodyLimit {
  readonly maxBytes: number
  readonly tooLarge?: (is: number) => RestError
}

/** The JSON of a request's body; an empty body is an error. @throws RestError 400, 413, 415. */
export async function readJson(request: IncomingMessage, limit: BodyLimit): Promise<Json> {
  const bytes = await readBytes(request, limit)
  checkContentType(request, bytes.length === 0)
  return parseJson(bytes.toString())
}

/** The object in a request's body, undefined where the body is empty (8.5). @throws RestError 400, 413, 415. */
export async function readOptionalObject(request: IncomingMessage, limit: BodyLimit): Promise<JsonObject | undefined> {
  const bytes = await readBytes(request, limit)
  checkContentType(request, bytes.length === 0)
  if (bytes.length === 0) return undefined
  const value = parseJson(bytes.toString())
  if (!isJsonObject(value)) throw malformed('JSON object expected')
  return value
}

async function readBytes(request: IncomingMessage, limit: BodyLimit): Promise<Buffer> {
  // A small body has come with its head: taken at once, it spares the turns that a stream takes to flow and to end.
  return request.complete ? wholeBytes(request, limit) : await streamedBytes(request, limit)
}

function wholeBytes(request: IncomingMessage, { maxBytes, tooLarge = entityTooLarge }: BodyLimit): Buffer {
  const bytes = (request.read() as Buffer | null) ?? Buffer.alloc(0)
  if (bytes.length > maxBytes) throw tooLarge(bytes.length)
  return bytes
}

function streamedBytes(request: IncomingMessage, { maxBytes, tooLarge = entityTooLarge }: BodyLimit): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer<ArrayBuffer>[] = []
    let length = 0
    const announced = Number(request.headers['content-length'] ?? 0)
    if (announced > maxBytes) reject(tooLarge(announced))
    // What is too large is read to its end and dropped: a client that is cut off would not see the answer.
    request.on('data', (chunk: Buffer<ArrayBuffer>) => {
      length += chunk.length
      if (length <= maxBytes) chunks.push(chunk)
      else reject(tooLarge(length))
    })
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    request.once('error', () => reject(endedEarly()))
    request.once('close', () => request.complete || reject(endedEarly()))
  })
}

function endedEarly(): RestError {
  return malformed('The request ended early')
}

function entityTooLarge(): RestError {
  return new RestError(413, messages.entityTooLarge)
}

/** An absent type is fine only where the body is empty too. The charset does not matter: JSON is UTF-8. */
function checkContentType(request: IncomingMessage, isEmpty: boolean): void {
  const given = request.headers['content-type']
  if (given === undefined && isEmpty) return
  const [type = '', ...parameters] = (given ?? 'application/octet-stream').split(';').map((part) => part.trim())
  if (type.toLowerCase() === 'application/json') return
  const shown = [type.toLowerCase(), ...parameters.map(upperCharset)].join('; ')
  throw rejected(415, `The request's Content-Type [${shown}] is not supported. Expected:\napplication/json`)
}

function upperCharset(parameter: string): string {
  return parameter.replace(/^charset=(.*)$/i, (_, charset: string) => `charset=${charset.toUpperCase()}`)
}
