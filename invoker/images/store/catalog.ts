import { setTimeout as sleep } from 'node:timers/promises'
import { isJsonObject } from '../../domain/json.ts'
import { isFault } from '../../faults/fault.ts'
import { backoffMs } from '../../lib/retry.ts'
import type { DocumentStore, StoredDocument, ViewQuery } from '../../ports/documents.ts'
import type { Log } from '../../ports/log.ts'
import {
  type BuildOf,
  type CatalogEntry,
  type CodeOf,
  type ImageEntry,
  imageEntryId,
  isNews,
  merged,
  type ProfileEntry,
  profileEntryId,
  type ResidencyEntry,
} from './entries.ts'
import { readEntry, writeEntry } from './entry-documents.ts'
import { imagesDesign } from './images-design.ts'

/** Writers that meet again and again wait a little longer each time. */
const conflicts = { tries: 20, firstDelayMs: 5, maxDelayMs: 200 }
/** Rows of one page. */
const page = 500

/** Entries of one sort that a view gives since a time. */
type Updates = { readonly image: ImageEntry; readonly profile: ProfileEntry; readonly residency: ResidencyEntry }
const updateViews = { image: 'images', profile: 'profiles', residency: 'residencies' } as const

/**
 * The database of dependency images, which several invokers write. Calls fault as the store does; writers that conflict are merged
 * and none is lost. What is of a newer format, or broken, is left alone and reported once.
 */
export class Catalog {
  readonly #database: DocumentStore
  readonly #log: Log
  readonly #reported = new Set<string>()

  constructor({ database, log }: { readonly database: DocumentStore; readonly log: Log }) {
    this.#database = database
    this.#log = log
  }

  /** Makes the database and its views where they are missing. */
  async prepare(): Promise<void> {
    await this.#database.ensureDatabase()
    await this.#database.ensureDesign(imagesDesign)
    for (const { id, key } of await this.#rows('newer', { limit: page })) {
      this.#report(String(id), `"${id}" has format ${JSON.stringify(key)}, which a newer version wrote`)
    }
  }

  /** Writes an entry, merged with what others wrote. */
  async save(entry: CatalogEntry): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#write(entry)
        return
      } catch (error) {
        if (!isFault(error, 'DOCUMENT_CONFLICT') || attempt >= conflicts.tries) throw error
        await sleep(backoffMs(conflicts, attempt))
      }
    }
  }

  async profile(of: CodeOf): Promise<ProfileEntry | undefined> {
    const entry = await this.#entry(profileEntryId(of))
    return entry?.type === 'profile' ? entry : undefined
  }

  async image(id: string): Promise<ImageEntry | undefined> {
    const entry = await this.#entry(imageEntryId(id))
    return entry?.type === 'image' ? entry : undefined
  }

  /** Images that hold all of these distributions, in whatever version; of none: the base images. */
  async covering(of: BuildOf, distributions: readonly string[]): Promise<readonly ImageEntry[]> {
    const wanted = [...new Set(distributions)]
    const keys = (wanted.length === 0 ? [null] : wanted).map((name) => [of.kind, of.runtimeBuild, name])
    const rows = new Map<string, number>()
    for (const { id } of await this.#rows('covering', { keys })) {
      if (id !== undefined) rows.set(id, (rows.get(id) ?? 0) + 1)
    }
    const ids = [...rows].filter(([, count]) => count === keys.length).map(([id]) => id)
    const entries = await Promise.all(ids.map((id) => this.#entry(id)))
    return entries.filter((entry) => entry?.type === 'image')
  }

  /** Entries of a runtime build that were written at `sinceMs` or later by their writers' clocks, the latest first; at most so many. */
  async updated<Type extends keyof Updates>(
    type: Type,
    { kind, runtimeBuild, sinceMs, most }: BuildOf & { readonly sinceMs: number; readonly most: number },
  ): Promise<readonly Updates[Type][]> {
    const found: Updates[Type][] = []
    for (let skip = 0; skip < most; skip += page) {
      const limit = Math.min(page, most - skip)
      const range = { startKey: [kind, runtimeBuild, {}], endKey: [kind, runtimeBuild, sinceMs], descending: true }
      const entries = await this.#entries(updateViews[type], { ...range, skip, limit })
      // The view has no others.
      found.push(...(entries.filter((entry) => entry.type === type) as Updates[Type][]))
      if (entries.length < limit) break
    }
    return found
  }

  /** What one invoker has or had. */
  async residenciesOf(invoker: string): Promise<readonly ResidencyEntry[]> {
    const entries = await this.#entries('resident', { startKey: [invoker], endKey: [invoker, {}] })
    return entries.filter((entry) => entry.type === 'residency')
  }

  /** Who has or had an image. */
  async holders(image: string): Promise<readonly ResidencyEntry[]> {
    const entries = await this.#entries('holders', { startKey: [image], endKey: [image, {}] })
    return entries.filter((entry) => entry.type === 'residency')
  }

  /** Removes an image's document and all that say who has it. */
  async forget(image: string): Promise<void> {
    const holders = await this.#rows('holders', { startKey: [image], endKey: [image, {}] })
    const ids = [imageEntryId(image), ...holders.flatMap(({ id }) => id ?? [])]
    for (const id of ids) await this.#remove(id)
  }

  /** Removes images, with all that say who has them, and profiles that were last written before this; a page of them at most. */
  async removeUnused(beforeMs: number): Promise<void> {
    for (const { id = '' } of await this.#rows('unused', { endKey: beforeMs, limit: page })) {
      const entry = await this.#entry(id)
      // It was used since the view was read.
      if (entry === undefined || entry.updatedMs > beforeMs) continue
      if (entry.type === 'image') await this.forget(entry.recipe.id)
      else await this.#remove(id)
    }
  }

  async #write(entry: CatalogEntry): Promise<void> {
    const { _id: id } = writeEntry(entry)
    const document = await this.#database.get(id)
    if (document === undefined) {
      await this.#database.put(writeEntry(entry))
      return
    }
    const older = readEntry(document)
    if ('unread' in older && older.unread === 'newer') {
      this.#report(id, older.why)
      return
    }
    // What is broken says nothing that could be lost.
    const before = 'unread' in older ? undefined : older
    if (isNews(before, entry)) await this.#database.put(writeEntry(merged(before, entry), document._rev))
  }

  async #remove(id: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const document = await this.#database.get(id)
      if (document === undefined) return
      try {
        await this.#database.remove(id, document._rev)
        return
      } catch (error) {
        if (!isFault(error, 'DOCUMENT_CONFLICT') || attempt >= conflicts.tries) throw error
      }
    }
  }

  async #entry(id: string): Promise<CatalogEntry | undefined> {
    const document = await this.#database.get(id)
    return document === undefined ? undefined : this.#read(document)
  }

  async #entries(view: string, query: ViewQuery): Promise<readonly CatalogEntry[]> {
    const rows = await this.#rows(view, { ...query, includeDocs: true })
    return rows.flatMap(({ doc }) => (isJsonObject(doc) ? (this.#read(doc as StoredDocument) ?? []) : []))
  }

  #rows(view: string, query: ViewQuery): ReturnType<DocumentStore['view']> {
    return this.#database.view(imagesDesign.name, view, query)
  }

  #read(document: StoredDocument): CatalogEntry | undefined {
    const entry = readEntry(document)
    if (!('unread' in entry)) return entry
    this.#report(document._id, entry.why)
    return undefined
  }

  #report(id: string, why: string): void {
    if (this.#reported.has(id)) return
    this.#reported.add(id)
    this.#log.warn('document of images left alone', { id, why })
  }
}
