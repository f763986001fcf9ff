import { request } from 'undici'
import { benchActions, benchLimits, benchNamespace } from './actions.ts'

/** A document store, real or not, made ready for a benchmark. */
export interface BenchStore {
  /** With the user and password, if any. */
  readonly url: URL
  readonly databases: { readonly subjects: string; readonly whisks: string; readonly activations: string }
  /** Revision of each action's document, by the action's name. */
  readonly revisions: ReadonlyMap<string, string>
  /** Removes the databases. */
  remove(): Promise<void>
}

/** Makes three databases in the CouchDB at `address`, with the actions in one of them. */
export async function prepareStore(address: string): Promise<BenchStore> {
  const url = new URL(address)
  const name = `warmwhisk_bench_${process.pid}`
  const databases = { subjects: `${name}_subjects`, whisks: `${name}_whisks`, activations: `${name}_activations` }
  for (const database of Object.values(databases)) await call(url, 'PUT', `/${database}`)
  const revisions = new Map<string, string>()
  for (const action of benchActions) {
    const path = `/${databases.whisks}/${encodeURIComponent(`${benchNamespace}/${action.name}`)}`
    revisions.set(action.name, (await call(url, 'PUT', path, document(action))).rev)
  }
  return {
    url,
    databases,
    revisions,
    remove: async () => {
      for (const database of Object.values(databases)) await call(url, 'DELETE', `/${database}`)
    },
  }
}

/** An action's document (protocol reference 3.3), its code inline in the attachment's name. */
function document({ name, kind, code }: (typeof benchActions)[number]): object {
  const inline = Buffer.from(code).toString('base64url')
  return {
    entityType: 'action',
    namespace: benchNamespace,
    name,
    exec: {
      kind,
      binary: false,
      code: { attachmentName: `mem:${inline}`, attachmentType: 'text/plain; charset=UTF-8', length: code.length },
    },
    parameters: [],
    limits: benchLimits,
    version: '0.0.1',
    publish: false,
    annotations: [
      { key: 'provide-api-key', value: false },
      { key: 'exec', value: kind },
    ],
    updated: Date.now(),
  }
}

async function call(
  url: URL,
  method: 'PUT' | 'DELETE',
  path: string,
  body?: object,
): Promise<{ readonly rev: string }> {
  const credentials = Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`)
  const answer = await request(new URL(path, url.origin), {
    method,
    headers: {
      'content-type': 'application/json',
      ...(url.username === '' ? {} : { authorization: `Basic ${credentials.toString('base64')}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.body.text()
  if (answer.statusCode >= 300)
    throw new Error(`Cannot ${method} "${path}": the answer was ${answer.statusCode} ${text}`)
  return JSON.parse(text) as { readonly rev: string }
}
