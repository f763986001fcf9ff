import { LRUCache } from 'lru-cache'
import { Arrivals } from '../stems/arrivals.ts'
import type { Scanned } from '../want/scanned.ts'

/** Codes and namespaces whose starts are counted. */
const most = { codes: 5000, namespaces: 1000 }

/** Starts of one code in one namespace; where images are shared, in all. */
export interface CodeStarts {
  readonly kind: string
  readonly scanned: Scanned
  readonly namespace: string
  readonly arrivals: Arrivals
}

/** Counts the starts of every code that had to wait for a container, by code and, where images are not shared, by namespace. */
export class LoadBook {
  readonly #isShared: boolean
  readonly #codes = new LRUCache<string, CodeStarts>({ max: most.codes })
  readonly #namespaces = new LRUCache<string, true>({ max: most.namespaces })

  constructor({ isShared }: { readonly isShared: boolean }) {
    this.#isShared = isShared
    if (isShared) this.#namespaces.set('', true)
  }

  /** A start. */
  note(start: Omit<CodeStarts, 'arrivals'>, nowMs: number): void {
    const of = this.#isShared ? { ...start, namespace: '' } : start
    const key = `${of.kind} ${of.scanned.codeDigest} ${of.namespace}`
    const starts = this.#codes.get(key) ?? { ...of, arrivals: new Arrivals() }
    starts.arrivals.note(nowMs)
    this.#codes.set(key, starts)
    this.#namespaces.set(of.namespace, true)
  }

  /** Every code that started lately. */
  codes(): readonly CodeStarts[] {
    return [...this.#codes.values()]
  }

  /** Namespaces that had starts lately; the empty one stands for all where images are shared. */
  namespaces(): readonly string[] {
    return [...this.#namespaces.keys()]
  }
}
