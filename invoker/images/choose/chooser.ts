import { LRUCache } from 'lru-cache'
import type { ImageDemand } from '../../ports/images.ts'
import type { Resident } from '../shelf/resident.ts'
import type { Shelf } from '../shelf/shelf.ts'
import type { Knowledge } from '../store/knowledge.ts'
import type { Want } from '../want/want.ts'
import { type ChoiceBounds, chooseImage } from './choice.ts'

/** What a {@link Chooser} goes by. */
export interface ChooserOptions {
  readonly knowledge: Knowledge
  readonly shelf: Shelf
  readonly bounds: ChoiceBounds
  /** The namespace that a demand's image must belong to; empty: any demand shares. */
  scopeOf(demand: ImageDemand): string
  /** Whether an image is not to be used now. */
  isLeftAlone(resident: Resident): boolean
}

/** Choices that are remembered. */
const most = 20_000

/** Says which live image serves an action best; at once where that was asked before and nothing has changed since. */
export class Chooser {
  readonly #options: ChooserOptions
  readonly #choices = new LRUCache<string, { readonly resident: Resident | undefined }>({ max: most })
  #version = -1

  constructor(options: ChooserOptions) {
    this.#options = options
  }

  /** Images came or went. */
  changed(): void {
    this.#choices.clear()
  }

  /** The image, if one is better than none. */
  choose(demand: ImageDemand): Resident | undefined {
    const { knowledge, shelf, isLeftAlone } = this.#options
    if (knowledge.version !== this.#version) this.changed()
    this.#version = knowledge.version
    if (knowledge.inventory(demand.action.exec.kind) === undefined) return undefined
    const scope = this.#options.scopeOf(demand)
    const key = `${demand.action.exec.kind} ${knowledge.scan(demand.action).codeDigest} ${scope}`
    const known = this.#choices.get(key)
    if (known !== undefined) return known.resident && isLeftAlone(known.resident) ? undefined : known.resident
    const want = knowledge.want(demand.action)
    const chosen = want && shelf.get(this.#best(want, scope) ?? '')
    this.#choices.set(key, { resident: chosen })
    return chosen && isLeftAlone(chosen) ? undefined : chosen
  }

  #best(want: Want, scope: string): string | undefined {
    const { shelf, bounds } = this.#options
    const images = shelf.all().flatMap((resident) => (resident.namespace === scope ? [resident.view] : []))
    return chooseImage(want, { images, bounds })
  }
}
