import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import type { BuildRequest, ImageAdvice, ImageDetails, ImageSummary } from '../../../invoker/ports/image-admin.ts'
import type { BuildProgress } from '../../../invoker/ports/image-engine.ts'
import type { Channel } from './channel.ts'

/** The server refused, in a sentence. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

/** Dependency images of a server, as the command line sees them. Every call @throws Refused with the server's sentence. */
export class ImageClient {
  readonly #channel: Channel

  constructor(channel: Channel) {
    this.#channel = channel
  }

  async list(): Promise<readonly ImageSummary[]> {
    return (await this.#ask('GET', '/images')) as readonly ImageSummary[]
  }

  async show(id: string): Promise<ImageDetails> {
    return (await this.#ask('GET', `/images/${id}`)) as ImageDetails
  }

  async remove(id: string): Promise<ImageSummary> {
    return (await this.#ask('DELETE', `/images/${id}`)) as ImageSummary
  }

  async advise(): Promise<ImageAdvice> {
    return (await this.#ask('GET', '/images/advice')) as ImageAdvice
  }

  /** Builds an image, which may take minutes; it goes on when we stop to listen. */
  async build(request: BuildRequest, onProgress: (progress: BuildProgress) => void): Promise<ImageDetails> {
    const response = await this.#channel({ method: 'POST', path: '/images', body: request })
    if (response.statusCode !== 200) throw new Refused(sentenceOf(await text(response)))
    for await (const line of linesOf(response)) {
      const { progress, image, error } = JSON.parse(line) as BuildLine
      if (progress) onProgress(progress)
      if (image) return image
      if (error !== undefined) throw new Refused(error)
    }
    throw new Refused('Cannot say how the build ended: the server stopped while it built')
  }

  async #ask(method: string, path: string): Promise<unknown> {
    const response: IncomingMessage = await this.#channel({ method, path })
    const body = await text(response)
    if (response.statusCode !== 200) throw new Refused(sentenceOf(body))
    return JSON.parse(body)
  }
}

/** A line of what `POST /images` answers: one of the three. */
interface BuildLine {
  readonly progress?: BuildProgress
  readonly image?: ImageDetails
  readonly error?: string
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = ''
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      const lines = `${rest}${chunk}`.split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (error) {
    // The connection broke, which is like an end too early: who reads says so.
    if (!(error instanceof Error && 'code' in error && error.code === 'ECONNRESET')) throw error
  }
}

/** What an error says. A server of another version may answer something else than ours. */
function sentenceOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { readonly error?: unknown }
    if (typeof error === 'string') return error
  } catch {
    // No JSON: no answer of ours.
  }
  return `Cannot read the server's answer: ${body.trim().slice(0, 200) || 'it is empty'}`
}
