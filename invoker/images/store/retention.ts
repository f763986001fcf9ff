import { LRUCache } from 'lru-cache'
import type { Clock } from '../../ports/clock.ts'
import { entryId, type ImageEntry, type ProfileEntry, seenEveryMs } from './entries.ts'
import type { Records } from './records.ts'

/** What nobody has used for so long is removed. */
const keptMs = 90 * seenEveryMs
/** Entries whose last use is remembered. */
const most = 50_000

/** Keeps what is used in the database of images, by saying so once a day, and has the rest removed some day. */
export class Retention {
  readonly #records: Pick<Records, 'save' | 'forgetUnused'>
  readonly #clock: Clock
  readonly #saidMs = new LRUCache<string, number>({ max: most })

  constructor({ records, clock }: { readonly records: Pick<Records, 'save' | 'forgetUnused'>; readonly clock: Clock }) {
    this.#records = records
    this.#clock = clock
  }

  /** An action started by it, or it is live. */
  used(entry: ImageEntry | ProfileEntry): void {
    const id = entryId(entry)
    const nowMs = this.#clock.now()
    if (nowMs - (this.#saidMs.get(id) ?? Number.NEGATIVE_INFINITY) < seenEveryMs) return
    this.#saidMs.set(id, nowMs)
    this.#records.save({ ...entry, updatedMs: nowMs })
  }

  /** Has images and profiles removed that nobody has used for 90 days; those that are live here are in use. */
  round(live: readonly ImageEntry[]): void {
    for (const entry of live) this.used(entry)
    this.#records.forgetUnused(this.#clock.now() - keptMs)
  }
}
