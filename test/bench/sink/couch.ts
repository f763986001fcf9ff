import type { IncomingMessage, RequestListener } from 'node:http'
import { json } from 'node:stream/consumers'

/** An answer: status and body. */
type Answer = readonly [status: number, body: unknown]

/**
 * As much of CouchDB as an invoker's hot path sees, at next to no cost, so that the store is not what is measured:
 * documents are kept in memory, activation records are counted and dropped, every view is empty.
 */
export class CouchSink {
  readonly #documents = new Map<string, object>()
  #records = 0

  /** How many activation records have arrived. */
  get records(): number {
    return this.#records
  }

  readonly listener: RequestListener = (request, response) => {
    this.#answer(request).then(
      ([status, body]) => {
        const text = JSON.stringify(body)
        response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
        response.end(text)
      },
      (error: unknown) => {
        response.writeHead(400).end(String(error))
      },
    )
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const [database = '', ...rest] = new URL(request.url ?? '/', 'http://sink').pathname.split('/').slice(1)
    const id = decodeURIComponent(rest.join('/').replaceAll('+', ' '))
    if (id === '') return this.#server(request, database)
    if (id.includes('/_view/')) return await empty(request)
    if (id === '_bulk_docs') return this.#bulk(database, await json(request))
    return this.#document(request, { database, id })
  }

  #server(request: IncomingMessage, database: string): Answer {
    if (database === '_records') return [200, { records: this.#records }]
    if (request.method === 'PUT') return [201, { ok: true }]
    if (request.method === 'DELETE') return [200, { ok: true }]
    return database === '' ? [200, { couchdb: 'Welcome', version: '3.5.0' }] : [200, { db_name: database }]
  }

  #bulk(database: string, body: unknown): Answer {
    const { docs } = body as { docs: readonly { _id: string }[] }
    for (const doc of docs) this.#store(`${database}/${doc._id}`, doc)
    return [201, docs.map(({ _id }) => ({ ok: true, id: _id, rev: '1-0' }))]
  }

  async #document(request: IncomingMessage, { database, id }: { database: string; id: string }): Promise<Answer> {
    if (request.method === 'PUT') {
      this.#store(`${database}/${id}`, (await json(request)) as object)
      return [201, { ok: true, id, rev: '1-0' }]
    }
    const found = this.#documents.get(`${database}/${id}`)
    return found === undefined ? [404, { error: 'not_found', reason: 'missing' }] : [200, { ...found, _rev: '1-0' }]
  }

  #store(key: string, document: object): void {
    if ('activationId' in document) this.#records += 1
    else this.#documents.set(key, document)
  }
}

async function empty(request: IncomingMessage): Promise<Answer> {
  // A POST with keys has a body, which must be read before the connection can be used again.
  for await (const _ of request);
  return [200, { total_rows: 0, offset: 0, rows: [] }]
}
