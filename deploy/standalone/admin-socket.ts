import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { Fault } from '../../invoker/faults/fault.ts'
import type { Stoppable } from '../../invoker/lib/shutdown.ts'
import type { Log } from '../../invoker/ports/log.ts'
import type { SubjectStore } from '../../invoker/store/subjects.ts'
import { runUserWords } from './user-command.ts'

/** Longest path that the kernel takes for a socket. */
const maxPathBytes = 107

/** Where the running server of a data directory listens for commands. */
export function adminSocketPath(dataDir: string): string {
  return join(dataDir, 'admin.sock')
}

/**
 * Commands of the command line, for the server that has the data directory open: HTTP over a Unix socket that only the server's
 * user may open. `POST /user` with `{"words": […]}` answers a UserAnswer; other paths are for what is mounted.
 */
export class AdminSocket implements Stoppable {
  readonly #server: Server
  readonly #path: string
  readonly #mounted = new Map<string, RequestListener>()

  /** @throws Fault SETTINGS_WRONG when the data directory's path is too long for a socket. */
  constructor({
    dataDir,
    subjects,
    log,
  }: { readonly dataDir: string; readonly subjects: SubjectStore; readonly log: Log }) {
    this.#path = adminSocketPath(dataDir)
    const bytes = Buffer.byteLength(this.#path)
    if (bytes > maxPathBytes) {
      const detail = `the data directory's path makes a socket's name of ${bytes} bytes: ${maxPathBytes} are allowed`
      throw new Fault('SETTINGS_WRONG', detail)
    }
    this.#server = createServer((request, response) => {
      const mounted = this.#mounted.get(firstFolder(request.url ?? '/'))
      if (mounted) mounted(request, response)
      else
        answer({ request, response, subjects }).catch((error: unknown) => {
          log.error('command failed', { error })
          send(response, { status: 500, body: { error: error instanceof Error ? error.message : String(error) } })
        })
    })
  }

  /** Lets `listener` answer what is asked at and below a path of one folder, such as `/images`. */
  mount(folder: string, listener: RequestListener): void {
    this.#mounted.set(folder, listener)
  }

  /** Listens. Call when the data directory is locked: a socket that is there is then a dead server's. */
  async start(): Promise<void> {
    await rm(this.#path, { force: true })
    // The socket is made with its mode: between making and changing it, somebody could connect.
    const mask = process.umask(0o177)
    this.#server.listen(this.#path)
    process.umask(mask)
    await once(this.#server, 'listening')
  }

  async stop(_signal: AbortSignal): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
    await rm(this.#path, { force: true })
  }
}

/** `/images` of `/images/abc?x=1`. */
function firstFolder(url: string): string {
  return /^\/[^/?]*/.exec(url)?.[0] ?? '/'
}

async function answer({
  request,
  response,
  subjects,
}: {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly subjects: SubjectStore
}): Promise<void> {
  if (request.method !== 'POST' || request.url !== '/user') {
    send(response, { status: 404, body: { error: 'Unknown command' } })
    return
  }
  const { words } = JSON.parse(await text(request)) as { readonly words: readonly string[] }
  send(response, { status: 200, body: await runUserWords(words.map(String), subjects) })
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: string[] = []
  request.setEncoding('utf8')
  for await (const chunk of request) chunks.push(String(chunk))
  return chunks.join('')
}

function send(response: ServerResponse, { status, body }: { readonly status: number; readonly body: unknown }): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}
