import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { request as requestSecurely } from 'node:https'
import type { Config } from '../../../invoker/config/read-config.ts'
import { type AdminRequest, callServer } from '../../standalone/admin-client.ts'
import { UsageError } from '../command.ts'

/** Sends requests to a server that has images. @throws Error that says what to do when there is none. */
export type Channel = (what: AdminRequest) => Promise<IncomingMessage>

/** The way to the server: the admin HTTP of a drop-in invoker at `url`, else the standalone server of the data directory. */
export function channelTo(url: string | true | undefined, { store, invoker }: Config): Channel {
  if (typeof url === 'string') return overHttp(readUrl(url), invoker)
  return async (what) => {
    const response = await callServer(store.dataDir, what)
    if (response !== undefined) return response
    throw new Unreachable(
      `Cannot reach a server: none runs on the data directory "${store.dataDir}"; ` +
        '"npm start" starts one, --data-dir names another directory, --url http://HOST:PORT a drop-in invoker',
    )
  }
}

/** There is no server, or it does not let us in. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

function overHttp(url: URL, { username, password }: Config['invoker']): Channel {
  const auth = `${username}:${password}`
  return async ({ method, path, body }) => {
    const send = url.protocol === 'https:' ? requestSecurely : request
    const call = send(new URL(path, url), { method, auth, headers: { 'Content-Type': 'application/json' } })
    call.end(body === undefined ? undefined : JSON.stringify(body))
    const [response] = await answerOf(call, url)
    if (response.statusCode !== 401) return response
    response.destroy()
    throw new Unreachable(
      `Cannot ask "${url.origin}": it refuses user "${username}"; the settings invoker.username and invoker.password must be those of that invoker`,
    )
  }
}

async function answerOf(call: ReturnType<typeof request>, url: URL): Promise<[IncomingMessage]> {
  try {
    return (await once(call, 'response')) as [IncomingMessage]
  } catch (error) {
    throw new Unreachable(
      `Cannot reach an invoker at "${url.origin}": ${error instanceof Error ? error.message || String(error) : error}`,
    )
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && url.username === '') return url
  throw new UsageError(`Cannot read the URL "${text}": expected one such as "http://invoker0:8080", without a user`)
}
