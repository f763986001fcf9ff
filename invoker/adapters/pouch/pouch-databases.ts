import { join } from 'node:path'
import { isJsonObject } from '../../domain/json.ts'
import { busyDirectory } from '../../faults/directories.ts'
import { type HeldLock, lockDirectory, type TakenLock } from '../../lib/lock-file.ts'
import type { Databases } from '../../ports/documents.ts'
import { filesOf } from './attachment-stubs.ts'
import { ContentFiles } from './content-files.ts'
import { toFault } from './faults.ts'
import { FreeSpace } from './free-space.ts'
import { LevelDatabase } from './level-database.ts'
import { PouchStore } from './pouch-store.ts'

/** A data directory. `reserveBytes` are left free on its file system: documents are refused rather than cut short. */
export interface PouchOptions {
  readonly directory: string
  readonly reserveBytes?: number
  readonly now?: () => number
}

/** How many documents the sweep of the start reads at once. */
const pageSize = 500

/** The embedded databases of one data directory, for this process alone. */
export class PouchDatabases implements Databases {
  readonly subjects: PouchStore
  readonly whisks: PouchStore
  readonly activations: PouchStore
  readonly images: PouchStore
  readonly #lock: HeldLock

  /** Takes over what {@link openPouchDatabases} opened. */
  constructor({ lock, ...stores }: Databases<PouchStore> & { readonly lock: HeldLock }) {
    this.subjects = stores.subjects
    this.whisks = stores.whisks
    this.activations = stores.activations
    this.images = stores.images
    this.#lock = lock
  }

  /** Closes the databases and gives the directory free. */
  async stop(signal: AbortSignal): Promise<void> {
    const stores = [this.subjects, this.whisks, this.activations, this.images]
    const ends = await Promise.allSettled(stores.map((store) => store.stop(signal)))
    this.#lock.release()
    const failed = ends.find((end) => end.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }
}

/**
 * Opens the databases of a data directory, makes what is missing, and removes files that a crash left without a document.
 * @throws Fault STORE_BUSY when another process has the directory, STORE_FULL or STORE_UNAVAILABLE.
 */
export async function openPouchDatabases(options: PouchOptions): Promise<PouchDatabases> {
  const { directory } = options
  const lock = take(directory)
  const opened: PouchStore[] = []
  try {
    const space = new FreeSpace({
      directory,
      reserveBytes: options.reserveBytes ?? 64 * 1024 * 1024,
      now: options.now ?? Date.now,
    })
    const open = async (name: string): Promise<PouchStore> => {
      const store = await openStore(join(directory, name), space)
      opened.push(store)
      return store
    }
    // One after the other: where the first is refused, the others are not touched.
    return new PouchDatabases({
      subjects: await open('subjects'),
      whisks: await open('whisks'),
      activations: await open('activations'),
      images: await open('images'),
      lock,
    })
  } catch (error) {
    for (const store of opened) await store.stop(AbortSignal.abort())
    lock.release()
    throw error
  }
}

function take(directory: string): HeldLock {
  let lock: HeldLock | TakenLock
  try {
    lock = lockDirectory(directory, 'store.lock')
  } catch (error) {
    throw toFault(error, { what: 'making the directory', directory })
  }
  if ('holder' in lock) throw busyDirectory(directory, lock.holder)
  return lock
}

async function openStore(path: string, space: FreeSpace): Promise<PouchStore> {
  const database = await LevelDatabase.open(path)
  const files = new ContentFiles(`${path}-attachments`)
  if (!(await files.isEmpty())) await files.sweep(references(database))
  return new PouchStore({ database, files, space })
}

/** Files that the documents of a database refer to. */
async function* references(database: LevelDatabase): AsyncGenerator<string> {
  let after: string | undefined
  for (;;) {
    const range = after === undefined ? {} : { startkey: after, skip: 1 }
    const page = await database.read('read all documents', (pouch) =>
      pouch.allDocs({ include_docs: true, limit: pageSize, ...range }),
    )
    for (const row of page.rows) yield* filesOf(isJsonObject(row.doc) ? row.doc : undefined)
    after = page.rows.at(-1)?.id
    if (page.rows.length < pageSize) return
  }
}
