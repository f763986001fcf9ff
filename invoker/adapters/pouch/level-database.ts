import leveldb from 'pouchdb-adapter-leveldb'
import PouchDB from 'pouchdb-core'
import mapreduce from 'pouchdb-mapreduce'
import type { Fault } from '../../faults/fault.ts'
import { Serial } from '../../lib/serial.ts'
import { mayHaveTornLog, toFault } from './faults.ts'

/** A PouchDB over LevelDB. */
export type Pouch = PouchDB

const Level = PouchDB.plugin(leveldb).plugin(mapreduce)

/**
 * One PouchDB database that heals: after a write that the file system cut short, LevelDB's log may end in half a record, and what is
 * written behind that is lost at the next start. So writes come one after the other (PouchDB runs them so anyway), and after such a
 * failure the files are opened anew, which drops the half record, before the next one.
 */
export class LevelDatabase {
  readonly #path: string
  readonly #writes = new Serial()
  readonly #reading = new Set<Promise<unknown>>()
  #pouch: Promise<Pouch>
  #isTorn = false

  /** Takes over an opened database. */
  constructor(path: string, pouch: Pouch) {
    this.#path = path
    this.#pouch = Promise.resolve(pouch)
  }

  /** Opens a database, or makes it. @throws Fault STORE_BUSY, STORE_FULL or STORE_UNAVAILABLE. */
  static async open(path: string): Promise<LevelDatabase> {
    return new LevelDatabase(path, await openPouch(path))
  }

  /** Whether the files wait for being opened anew: indexes should not be written then. */
  get isTorn(): boolean {
    return this.#isTorn
  }

  /** Runs a piece of work that reads. @throws Fault. */
  async read<T>(what: string, work: (pouch: Pouch) => Promise<T>): Promise<T> {
    const reading = this.#pouch.then(work)
    this.#reading.add(reading)
    try {
      return await reading
    } catch (error) {
      throw this.#judge(error, what)
    } finally {
      this.#reading.delete(reading)
    }
  }

  /** Runs a piece of work that writes, after those before it. @throws Fault. */
  write<T>(what: string, work: (pouch: Pouch) => Promise<T>): Promise<T> {
    return this.#writes.run(async () => {
      try {
        if (this.#isTorn) await this.#reopen()
        return await work(await this.#pouch)
      } catch (error) {
        throw this.#judge(error, what)
      }
    })
  }

  /** Ends what is under way and closes the files. */
  close(): Promise<void> {
    return this.#writes.run(async () => {
      await Promise.allSettled(this.#reading)
      await closePouch(await this.#pouch)
    })
  }

  #judge(error: unknown, what: string): Fault {
    const fault = toFault(error, { what, directory: this.#path })
    if (mayHaveTornLog(fault)) this.#isTorn = true
    return fault
  }

  /** Reads that come meanwhile wait for it. When it fails, the next write tries again. */
  async #reopen(): Promise<void> {
    const [before, reading] = [this.#pouch, [...this.#reading]]
    this.#pouch = Promise.allSettled(reading)
      .then(async () => closePouch(await before))
      .catch(() => undefined) // What cannot be closed is closed, or will say so when it is opened.
      .then(() => openPouch(this.#path))
    await this.#pouch
    this.#isTorn = false
  }
}

async function openPouch(path: string): Promise<Pouch> {
  try {
    const pouch: Pouch = new Level(path, {
      adapter: 'leveldb',
      auto_compaction: true,
      // Documents that an index takes in one piece: PouchDB's 50 stop the event loop for longer, and are no faster.
      view_update_changes_batch_size: 25,
    })
    await pouch.info()
    return pouch
  } catch (error) {
    throw toFault(error, { what: 'opening', directory: path })
  }
}

/** Closes a database and, first, the indexes of its views, for whose end PouchDB does not wait. */
async function closePouch(pouch: Pouch): Promise<void> {
  const views: unknown = Reflect.get(pouch, '_cachedViews')
  const indexes = await Promise.allSettled(Object.values((views ?? {}) as Record<string, Promise<{ db: Pouch }>>))
  for (const index of indexes) if (index.status === 'fulfilled') await index.value.db.close()
  await pouch.close()
}
