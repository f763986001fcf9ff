import { isJsonObject, type JsonObject } from '../../domain/json.ts'
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
import { fileOf, filesOf, withAttachment, withoutStubs, withStubs } from './attachment-stubs.ts'
import type { ContentFiles } from './content-files.ts'
import { statusOf, toFault } from './faults.ts'
import type { FreeSpace } from './free-space.ts'
import type { LevelDatabase, Pouch } from './level-database.ts'
import { viewOptions, viewRows } from './view-options.ts'

/** One embedded database as a DocumentStore. Documents are in LevelDB; attachments are files, so that big code never enters it. */
export class PouchStore implements DocumentStore {
  readonly #database: LevelDatabase
  readonly #files: ContentFiles
  readonly #space: FreeSpace

  constructor(parts: { readonly database: LevelDatabase; readonly files: ContentFiles; readonly space: FreeSpace }) {
    this.#database = parts.database
    this.#files = parts.files
    this.#space = parts.space
  }

  async get(id: string, signal?: AbortSignal): Promise<StoredDocument | undefined> {
    signal?.throwIfAborted()
    const stored = await this.#stored(id)
    return stored === undefined ? undefined : (withStubs(stored) as StoredDocument)
  }

  async put(document: Document): Promise<string> {
    const { _id: id } = document
    await this.#space.take(JSON.stringify(document).length)
    return this.#database.write(`put "${id}"`, async (pouch) => {
      const previous = document._rev === undefined ? undefined : await read(pouch, id)
      return this.#replace(pouch, { previous, next: withoutStubs(document, previous) })
    })
  }

  remove(id: string, revision: string): Promise<void> {
    return this.#database.write(`remove "${id}"`, async (pouch) => {
      const previous = await read(pouch, id)
      if (previous === undefined) throw new Fault('DOCUMENT_CONFLICT', `"${id}" is not there`)
      await pouch.remove(id, revision)
      await this.#files.release(filesOf(previous))
    })
  }

  async bulk(documents: readonly Document[]): Promise<readonly BulkResult[]> {
    await this.#space.take(JSON.stringify(documents).length)
    return this.#database.write(`store ${documents.length} document(s)`, async (pouch) => {
      const results = await pouch.bulkDocs(documents)
      return results.map((result, index) => bulkResult(result, documents[index]?._id ?? ''))
    })
  }

  async view(design: string, view: string, query: ViewQuery): Promise<readonly ViewRow[]> {
    // Where nothing more may be written, the index as it is answers.
    const isFrozen = this.#database.isTorn || (await this.#space.isLow())
    const options = { ...viewOptions(query), ...(isFrozen ? { stale: 'ok' as const } : {}) }
    return this.#database.read(`query ${design}/${view}`, async (pouch) => {
      try {
        const { rows } = await pouch.query(`${design}/${view}`, options)
        return viewRows(rows, query.includeDocs === true)
      } catch (error) {
        if (statusOf(error) !== 404) throw error
        throw new Fault('VIEW_MISSING', `the database has no ${design}/${view}`, { cause: error })
      }
    })
  }

  async attach(
    id: string,
    revision: string,
    { name, contentType, data }: { name: string; contentType: string; data: Buffer },
  ): Promise<string> {
    const what = `attach "${name}" to "${id}"`
    await this.#space.takeFile(data.length)
    const file = await this.#files.write(data).catch((error: unknown) => {
      throw toFault(error, { what, directory: this.#files.directory })
    })
    try {
      return await this.#database.write(what, async (pouch) => {
        const previous = await read(pouch, id)
        if (previous?._rev !== revision) throw new Fault('DOCUMENT_CONFLICT', `${what} met another revision`)
        const next = withAttachment(previous, { name, contentType, file, length: data.length })
        return this.#replace(pouch, { previous, next })
      })
    } finally {
      // The document holds its own reference now, or nothing does.
      await this.#files.release([file])
    }
  }

  async attachment(id: string, name: string): Promise<Buffer | undefined> {
    const file = fileOf(await this.#stored(id), name)
    return file === undefined ? undefined : this.#files.read(file)
  }

  /** It is there since it was opened. */
  ensureDatabase(): Promise<void> {
    return Promise.resolve()
  }

  async ensureDesign({ name, views }: DesignDocument): Promise<void> {
    const id = `_design/${name}`
    if ((await this.#stored(id)) !== undefined) return
    try {
      await this.put({ _id: id, language: 'javascript', views: views as unknown as JsonObject })
    } catch (error) {
      // Somebody else added it meanwhile.
      if (!isFault(error, 'DOCUMENT_CONFLICT')) throw error
    }
  }

  /** Ends what is under way and closes the files; `signal` cannot make that shorter. */
  stop(_signal: AbortSignal): Promise<void> {
    return this.#database.close()
  }

  #stored(id: string): Promise<StoredDocument | undefined> {
    return this.#database.read(`get "${id}"`, (pouch) => read(pouch, id))
  }

  /** Writes a document over the one before; files that only that one needed go when it is gone. */
  async #replace(
    pouch: Pouch,
    { previous, next }: { readonly previous: StoredDocument | undefined; readonly next: Document },
  ): Promise<string> {
    this.#files.hold(filesOf(next))
    try {
      const { rev } = await pouch.put({ ...next })
      await this.#files.release(filesOf(previous))
      return rev
    } catch (error) {
      await this.#files.release(filesOf(next))
      throw error
    }
  }
}

async function read(pouch: Pouch, id: string): Promise<StoredDocument | undefined> {
  try {
    return (await pouch.get(id)) as StoredDocument
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    throw error
  }
}

function bulkResult(result: unknown, id: string): BulkResult {
  if (isJsonObject(result) && typeof result.rev === 'string') return { id, rev: result.rev }
  if (statusOf(result) === 409) return { id, conflict: true }
  throw result
}
