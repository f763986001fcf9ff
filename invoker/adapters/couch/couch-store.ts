import { Fault, isFault } from '../../faults/fault.ts'
import type {
  BulkResult,
  DesignDocument,
  Document,
  DocumentStore,
  StoredDocument,
  ViewQuery,
  ViewRow,
} from '../../ports/documents.ts'
import { bulkResults, newRevision, storedDocument, viewParameters, viewRows } from './answers.ts'
import { CouchConnection, type CouchOptions } from './connection.ts'
import { documentPath } from './document-path.ts'

/** One database of a CouchDB as a DocumentStore. It never makes the database unless {@link ensureDatabase} is called. */
export class CouchStore implements DocumentStore {
  readonly #connection: CouchConnection

  constructor(options: CouchOptions) {
    this.#connection = new CouchConnection(options)
  }

  async ensureDatabase(): Promise<void> {
    try {
      await this.#connection.json({ what: 'create the database', method: 'PUT', path: '', isRepeatable: true })
    } catch (error) {
      // 412: it is there.
      if (!isFault(error) || error.facts.statusCode !== 412) throw error
    }
  }

  async get(id: string, signal?: AbortSignal): Promise<StoredDocument | undefined> {
    const call = { what: `get "${id}"`, path: documentPath(id), isRepeatable: true, signal }
    const answer = await this.#connection.json(call)
    return answer === undefined ? undefined : storedDocument(answer, id)
  }

  async put(document: Document): Promise<string> {
    const { _id: id } = document
    const path = documentPath(id)
    const call = { what: `put "${id}"`, method: 'PUT', path, body: document, isRepeatable: false } as const
    const answer = await this.#connection.json(call)
    return newRevision(answer ?? conflict(id), id)
  }

  async remove(id: string, revision: string): Promise<void> {
    const answer = await this.#connection.json({
      what: `remove "${id}"`,
      method: 'DELETE',
      path: documentPath(id),
      query: { rev: revision },
      isRepeatable: false,
    })
    if (answer === undefined) conflict(id)
  }

  /** Repeatable: what a lost try has stored comes back as a conflict. */
  async bulk(documents: readonly Document[]): Promise<readonly BulkResult[]> {
    const what = `store ${documents.length} document(s)`
    const answer = await this.#connection.post({ what, path: '_bulk_docs', body: { docs: documents } })
    const results = bulkResults(answer)
    if (results.length === documents.length) return results
    throw new Fault('STORE_UNAVAILABLE', `${what} was answered for ${results.length} of them`)
  }

  async view(design: string, view: string, query: ViewQuery): Promise<readonly ViewRow[]> {
    const { keys, ...parameters } = viewParameters(query)
    const answer = await this.#connection.json({
      what: `query ${design}/${view}`,
      path: `${designPath(design)}/_view/${documentPath(view)}`,
      query: parameters,
      ...(keys === undefined ? {} : { method: 'POST', body: { keys } }),
      isRepeatable: true,
    })
    if (answer !== undefined) return viewRows(answer, query.includeDocs === true)
    throw new Fault('VIEW_MISSING', `the database "${this.#connection.database}" has no ${design}/${view}`)
  }

  async attach(
    id: string,
    revision: string,
    { name, contentType, data }: { name: string; contentType: string; data: Buffer },
  ): Promise<string> {
    const answer = await this.#connection.bytes({
      what: `attach "${name}" to "${id}"`,
      path: `${documentPath(id)}/${documentPath(name)}`,
      isRepeatable: false,
      upload: { method: 'PUT', data, contentType, query: { rev: revision } },
    })
    return newRevision(answer === undefined ? conflict(id) : JSON.parse(answer.toString('utf8')), id)
  }

  attachment(id: string, name: string): Promise<Buffer | undefined> {
    const path = `${documentPath(id)}/${documentPath(name)}`
    return this.#connection.bytes({ what: `get the attachment "${name}" of "${id}"`, path, isRepeatable: true })
  }

  async ensureDesign({ name, views }: DesignDocument): Promise<void> {
    const path = designPath(name)
    const present = await this.#connection.json({ what: `get the design "${name}"`, path, isRepeatable: true })
    if (present !== undefined) return
    const body = { _id: `_design/${name}`, language: 'javascript', views }
    try {
      await this.#connection.json({ what: `add the design "${name}"`, method: 'PUT', path, body, isRepeatable: false })
    } catch (error) {
      // Somebody else added it between the two requests.
      if (!isFault(error, 'DOCUMENT_CONFLICT')) throw error
    }
  }

  stop(signal: AbortSignal): Promise<void> {
    return this.#connection.stop(signal)
  }
}

function designPath(name: string): string {
  return `_design/${documentPath(name)}`
}

function conflict(id: string): never {
  throw new Fault('DOCUMENT_CONFLICT', `"${id}" is not there`)
}
