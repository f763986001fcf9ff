import { Fault, isFault } from '../../faults/fault.ts'
import { Background } from '../../lib/background.ts'
import { reasonOf } from '../../lib/reason-of.ts'
import { within } from '../../lib/within.ts'
import type { Breaker, MakeBreaker } from '../../ports/breaker.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Container, ContainerSpec } from '../../ports/containers.ts'
import type { Inventory } from '../../ports/inventory.ts'
import type { Log } from '../../ports/log.ts'
import type { FallbackCause, ImagesMeter } from '../images-meter.ts'
import { bounded, Late } from './bounded.ts'
import type { Resident } from './resident.ts'

/** What a {@link Restorer} works with. */
export interface RestorerOptions {
  readonly inventory: Pick<Inventory, 'isCurrent'>
  readonly makeBreaker: MakeBreaker
  readonly timeoutMs: number
  readonly clock: Clock
  readonly log: Log
  readonly meter: ImagesMeter
  onRestored(resident: Resident): void
  /** Its packages are not on disk any more as they are in it. */
  onStale(resident: Resident): void
  /** It has failed this often since it last went well; an image that is stuck has to be built anew. */
  onBroken(resident: Resident, why: string): void
}

/** Failures one after the other that say that an image will not become well by itself. */
const mostFailures = 5
/** For how long an image's packages are believed to be as they were. */
const believedMs = 2000
/** How long an engine may take to give up after it was told to. */
const graceMs = 100

/** Restores images within a set time, each behind a breaker of its own. What fails is counted, and logged once for each cause. */
export class Restorer {
  readonly #options: RestorerOptions
  readonly #breakers = new Map<Resident, Breaker>()
  readonly #logged = new WeakMap<Resident, Set<FallbackCause>>()
  readonly #background: Background

  constructor(options: RestorerOptions) {
    this.#options = options
    this.#background = new Background((what, error) => options.log.warn(`cannot ${what}`, { error }))
  }

  /** Whether an image is left alone now, because it has failed again and again. */
  isLeftAlone(resident: Resident): boolean {
    return this.#breakers.get(resident)?.isOpen ?? false
  }

  /** Whether an image's packages are on disk as they are in it, as far as is known for a moment. */
  async isCurrent(resident: Resident): Promise<boolean> {
    const nowMs = this.#options.clock.now()
    if (nowMs - resident.checkedMs < believedMs) return true
    const { kind, distributions } = resident.image.recipe.identity
    const isCurrent = await this.#options.inventory.isCurrent(kind, distributions)
    if (isCurrent) resident.checkedMs = nowMs
    return isCurrent
  }

  /** @throws Fault IMAGE_RESTORE, CONTAINER_CREATE, or the signal's reason */
  async restore(resident: Resident, spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
    return resident.during(async () => {
      if (!(await this.isCurrent(resident))) {
        this.#options.onStale(resident)
        throw this.#fellBack(resident, 'stale', new Fault('IMAGE_RESTORE', 'its packages have changed on disk'))
      }
      const startMs = this.#options.clock.now()
      const ended = await this.#guarded(resident, spec, signal)
      if ('fault' in ended) throw ended.fault
      const { engine } = resident.image.recipe.identity
      const ms = ended.container.restored?.restoreMs ?? this.#options.clock.now() - startMs
      resident.restored(ms, this.#options.clock.now())
      this.#logged.delete(resident)
      this.#options.meter.restored(engine, ms)
      this.#options.onRestored(resident)
      return ended.container
    })
  }

  /** Forgets the breaker of an image that is gone. */
  forget(resident: Resident): void {
    const breaker = this.#breakers.get(resident)
    this.#breakers.delete(resident)
    if (breaker !== undefined) this.#background.run('end a breaker', breaker.stop())
  }

  async stop(signal: AbortSignal): Promise<void> {
    for (const resident of [...this.#breakers.keys()]) this.forget(resident)
    await within(this.#background.idle(), signal)
  }

  /** Faults that are not the image's pass the breaker as results: it opens for what is wrong with the image only. */
  async #guarded(
    resident: Resident,
    spec: ContainerSpec,
    signal: AbortSignal,
  ): Promise<{ readonly container: Container } | { readonly fault: unknown }> {
    try {
      return await this.#breakerOf(resident).run(async () => {
        try {
          return { container: await this.#inTime(resident, spec, signal) }
        } catch (error) {
          if (signal.aborted) return { fault: error }
          if (isFault(error, 'CONTAINER_CREATE')) return { fault: this.#fellBack(resident, 'container', error) }
          throw this.#failed(resident, error)
        }
      })
    } catch (error) {
      if (isFault(error) && error.facts.breaker !== undefined)
        return { fault: this.#fellBack(resident, 'breaker', error) }
      return { fault: error }
    }
  }

  #inTime(resident: Resident, spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
    return bounded((told) => resident.image.restore(spec, told), {
      ...{ signal, graceMs, timeoutMs: this.#options.timeoutMs },
      onLate: (container) => container.destroy(),
    })
  }

  #failed(resident: Resident, error: unknown): Fault {
    const fault = isFault(error, 'IMAGE_RESTORE')
      ? error
      : new Fault('IMAGE_RESTORE', reasonOf(error), { cause: error })
    const isLate = error instanceof Late || (error instanceof Error && error.name === 'TimeoutError')
    resident.failures += 1
    if (resident.failures >= mostFailures) this.#options.onBroken(resident, fault.message)
    return this.#fellBack(resident, isLate ? 'timeout' : 'engine', fault)
  }

  #fellBack(resident: Resident, cause: FallbackCause, fault: Fault): Fault {
    this.#options.meter.fellBack(cause)
    const logged = this.#logged.get(resident) ?? new Set()
    this.#logged.set(resident, logged)
    if (!logged.has(cause)) {
      const { id: image, identity } = resident.image.recipe
      const fields = { cause, image, kind: identity.kind, engine: identity.engine }
      this.#options.log.warn('image not restored: the action starts another way', { ...fields, error: fault })
    }
    logged.add(cause)
    return fault
  }

  #breakerOf(resident: Resident): Breaker {
    const breaker = this.#breakers.get(resident) ?? this.#options.makeBreaker(nameOf(resident))
    this.#breakers.set(resident, breaker)
    return breaker
  }
}

/** Short enough for a label, long enough to be found by `image show`. */
function nameOf({ key }: Resident): string {
  return `image ${key.slice(0, 12)}${key.replace(/^[^@]*/, '')}`
}
