import { isFault } from '../../faults/fault.ts'
import { Background } from '../../lib/background.ts'
import { type Deferred, deferred } from '../../lib/deferred.ts'
import { within } from '../../lib/within.ts'
import type { Clock } from '../../ports/clock.ts'
import type { BuildProgress } from '../../ports/image-engine.ts'
import type { Log } from '../../ports/log.ts'
import type { Advice } from '../advise/advise.ts'
import type { Resident } from '../shelf/resident.ts'
import type { Departure, Shelf } from '../shelf/shelf.ts'
import type { Knowledge } from '../store/knowledge.ts'
import type { Attempts } from './attempts.ts'
import type { Planner, Wanted, Wish } from './planner.ts'
import type { Workshop } from './workshop.ts'

/** What a {@link Stock} works with. */
export interface StockOptions {
  readonly knowledge: Knowledge
  readonly planner: Planner
  readonly shelf: Shelf
  readonly workshop: Pick<Workshop, 'make'>
  readonly attempts: Attempts
  readonly clock: Clock
  readonly log: Log
}

/** What an operator waits for. */
interface Request {
  readonly wish: Wish
  readonly end: Deferred<Resident>
  onProgress(progress: BuildProgress): void
}

/** Learning waits so long for more of the same. */
const soonMs = 20
/** An image that ends sooner than this after it was built is not built again at once; nor is one that was dropped. */
const shortLifeMs = 60_000

/**
 * Keeps those images live that are wished for: by the load, the manifest, the operator, and the last run. One is built at a time,
 * in the background; after each it is thought over anew what comes next.
 */
export class Stock {
  readonly #options: StockOptions
  readonly #background: Background
  readonly #kept = new Map<string, Wanted>()
  readonly #requests: Request[] = []
  #dueMs = Number.POSITIVE_INFINITY
  #cancel: (() => void) | undefined
  #isWorking = false
  #isStopped = false

  constructor(options: StockOptions) {
    this.#options = options
    this.#background = new Background((what, error) => options.log.error(`cannot ${what}`, { error }))
  }

  /** Has it looked soon what is to be built: within `ms`, or sooner where that was asked for before. */
  soon(ms = soonMs): void {
    const { clock } = this.#options
    const dueMs = clock.now() + ms
    if (this.#isStopped || dueMs >= this.#dueMs) return
    this.#cancel?.()
    this.#dueMs = dueMs
    this.#cancel = clock.after(ms, () => {
      this.#dueMs = Number.POSITIVE_INFINITY
      this.#start()
    })
  }

  /** Keeps an image live that the load may not call for, as long as there is room. */
  keep(wanted: Wanted): void {
    const wish = this.#options.planner.wish(wanted)
    if (wish !== undefined) this.#kept.set(wish.key, wanted)
    this.soon()
  }

  /**
   * Builds an image next, whatever speaks against it; gives what is live already.
   * @throws Fault IMAGE_BUILD, IMAGE_UNSUITABLE
   */
  request(wish: Wish, onProgress: (progress: BuildProgress) => void): Promise<Resident> {
    const end = deferred<Resident>()
    if (this.#isStopped) return Promise.reject(new Error('The invoker stops'))
    this.#options.attempts.forget(wish.key)
    this.#options.knowledge.forgetUnsuitable(wish.recipe.id)
    this.#requests.push({ wish, onProgress, end })
    this.soon(0)
    return end.promise
  }

  /** An image left the shelf. */
  departed({ key, builtMs }: Resident, departure: Departure): void {
    const { attempts, clock } = this.#options
    const nowMs = clock.now()
    if (nowMs - builtMs >= shortLifeMs) attempts.forget(key)
    else if (departure === 'ended') attempts.failed(key, nowMs)
    // What had to go comes again when it is called for again, and not before there may be room.
    if (departure === 'pressure') attempts.hold(key, nowMs + shortLifeMs)
    if (departure === 'pressure' || departure === 'budget' || departure === 'covered') this.#kept.delete(key)
    if (departure !== 'replaced' && departure !== 'stopped') this.soon()
  }

  /** Forgets an image that was removed; for a while it is not built again. */
  forget(key: string): void {
    this.#kept.delete(key)
    this.#options.attempts.hold(key, this.#options.clock.now() + shortLifeMs)
  }

  /** Builds no more. What is being built is ended by the builder's stop, which comes after: its failure is none then. */
  async stop(signal: AbortSignal): Promise<void> {
    this.#isStopped = true
    this.#cancel?.()
    for (const { end } of this.#requests.splice(0)) end.reject(new Error('The invoker stops'))
    await within(this.#background.idle(), signal)
  }

  #start(): void {
    if (this.#isWorking || this.#isStopped) return
    this.#isWorking = true
    const work = this.#work().finally(() => {
      this.#isWorking = false
    })
    this.#background.run('build images', work)
  }

  async #work(): Promise<void> {
    while (!this.#isStopped) {
      const request = this.#requests.shift()
      if (request !== undefined) await this.#serve(request)
      else {
        const wish = this.#next()
        if (wish === undefined) return
        await this.#try(wish)
      }
    }
  }

  async #serve({ wish, onProgress, end }: Request): Promise<void> {
    const { shelf, workshop } = this.#options
    const live = shelf.holdsAll(wish.key, wish.recipe.imports) ? shelf.get(wish.key) : undefined
    try {
      const resident = live ?? (await workshop.make(wish, onProgress))
      resident.lastUsedMs = this.#options.clock.now()
      this.#kept.set(wish.key, { ...wish, imports: wish.recipe.imports })
      end.resolve(resident)
    } catch (error) {
      end.reject(error)
    }
  }

  async #try(wish: Wish): Promise<void> {
    const { shelf, workshop, attempts, clock } = this.#options
    try {
      await workshop.make(wish, () => undefined)
      // An image that came out without what it was built for is not built again and again.
      if (shelf.holdsAll(wish.key, wish.recipe.imports)) attempts.succeeded(wish.key)
      else attempts.failed(wish.key, clock.now())
    } catch (error) {
      if (this.#isStopped) return
      // It is written down and logged where it was found out.
      if (!isFault(error)) throw error
      attempts.failed(wish.key, clock.now())
    }
  }

  /** The best image that is not there and may be tried now. */
  #next(): Wish | undefined {
    const { planner, clock, attempts } = this.#options
    const nowMs = clock.now()
    const advice = planner.advice(nowMs)
    const wishes = [...planner.wishes(advice), ...this.#keptWishes()]
    this.#value(advice)
    const missing = wishes
      .filter((wish) => this.#isMissing(wish))
      // What fails again and again keeps nothing waiting that was not tried yet.
      .sort((a, b) => attempts.failures(a.key) - attempts.failures(b.key))
    const ready = missing.find(({ key }) => attempts.notBeforeMs(key) <= nowMs)
    if (ready !== undefined) return ready
    const times = missing.map(({ key }) => attempts.notBeforeMs(key))
    if (times.length > 0) this.soon(Math.min(...times) - nowMs)
    else this.#dropCovered(advice)
    return undefined
  }

  /** Kept images by the keys that they have now: those of packages that have changed since have others. */
  #keptWishes(): readonly Wish[] {
    const kept = [...this.#kept.values()]
    const wishes = kept.flatMap((wanted) => this.#options.planner.wish(wanted) ?? [])
    this.#kept.clear()
    for (const wish of wishes) this.#kept.set(wish.key, { ...wish, imports: wish.recipe.imports })
    return wishes
  }

  /** Says of each live image what it saves, for eviction. */
  #value(advice: readonly Advice[]): void {
    const saved = new Map<string, number>()
    for (const one of advice) saved.set(this.#options.planner.keyOf(one), one.savedSecondsPerDay)
    for (const resident of this.#options.shelf.all()) resident.savedSecondsPerDay = saved.get(resident.key) ?? 0
  }

  #dropCovered(advice: readonly Advice[]): void {
    const { shelf, planner } = this.#options
    for (const one of advice.filter(({ verdict }) => verdict === 'covered-by-another')) {
      const live = shelf.get(planner.keyOf(one))
      if (live === undefined || live.isPinned || this.#kept.has(live.key)) continue
      shelf.drop(live.key, 'covered', 'another image serves as well')
    }
  }

  #isMissing({ key, recipe, isPinned }: Wish): boolean {
    const { knowledge, shelf } = this.#options
    if (knowledge.whyUnsuitable(recipe.id) !== undefined) return false
    const live = shelf.get(key)
    if (live !== undefined && isPinned) live.isPinned = true
    return !shelf.holdsAll(key, recipe.imports)
  }
}
