import type { JsonObject } from '../../invoker/domain/json.ts'

/** What the API answered. */
export interface Answer {
  readonly status: number
  readonly json: JsonObject
}

/** Asks a server in the name of its guest. */
export interface GuestClient {
  /** `line` is a method and a path below the namespace. @throws when there is no answer. */
  ask(line: string, body?: JsonObject): Promise<Answer>
}

/** A client with the key that a server prints at its start. */
export function asGuest({ url, guestKey }: { readonly url: string; readonly guestKey: string }): GuestClient {
  const authorization = `Basic ${Buffer.from(guestKey).toString('base64')}`
  return {
    async ask(line, body) {
      const [method = '', path = ''] = line.split(' ')
      const answer = await fetch(`${url}/api/v1/namespaces/_/${path}`, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: answer.status, json: (await answer.json()) as JsonObject }
    },
  }
}
