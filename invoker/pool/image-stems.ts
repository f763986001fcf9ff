import type { Clock } from '../ports/clock.ts'
import type { Images, StemTarget } from '../ports/images.ts'
import type { Log } from '../ports/log.ts'
import { Backoff } from './backoff.ts'
import type { SlotView } from './slot-view.ts'
import type { PlaceOrder, StemHost } from './stem-order.ts'
import { idleForStems, isRestoringForJobs, orderFor, stemsOf, surplusStems } from './stem-targets.ts'

/**
 * Keeps the stem cells that hold images: as many as `Images.stems` says, and none more. An image that cannot be restored is
 * left alone for longer and longer, and holds up nothing else.
 */
export class ImageStems<S extends SlotView> {
  readonly #images: Pick<Images, 'stems' | 'onStems'>
  readonly #host: StemHost<S>
  readonly #order: PlaceOrder
  readonly #retryMs: number
  readonly #clock: Clock
  readonly #log: Log
  readonly #backoffs = new Map<string, Backoff>()
  #targets: readonly StemTarget[] = []
  #isLookDue = false
  #unsubscribe: (() => void) | undefined

  constructor(options: {
    readonly images: Pick<Images, 'stems' | 'onStems'>
    readonly host: StemHost<S>
    readonly order: PlaceOrder
    readonly retryMs: number
    readonly clock: Clock
    readonly log: Log
  }) {
    this.#images = options.images
    this.#host = options.host
    this.#order = options.order
    this.#retryMs = options.retryMs
    this.#clock = options.clock
    this.#log = options.log
  }

  /** Follows the targets from now on. */
  start(): void {
    this.#unsubscribe = this.#images.onStems(() => this.#lookSoon())
    this.#look()
  }

  stop(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
    for (const backoff of this.#backoffs.values()) backoff.stop()
  }

  /** Starts what is missing, as far as memory and the bound on parallel work allow. */
  refill(): void {
    if (this.#unsubscribe === undefined || isRestoringForJobs(this.#host.slots)) return
    for (const target of this.#targets) {
      const missing = target.count - stemsOf(target, this.#host.slots).length
      for (let made = 0; made < missing && this.#ordered(target); made += 1);
      if (missing > 0) this.#makeRoom(target)
    }
  }

  /** Where containers that are kept warm have taken all memory, stem cells would never come back. */
  #makeRoom(target: StemTarget): void {
    if (this.#host.hasWaiting || this.#host.freeMb >= orderFor(target).heldMb) return
    const idle = idleForStems(this.#host.slots)
    if (idle) this.#host.remove(idle, 'its memory is worth more as stem cells')
  }

  #ordered(target: StemTarget): boolean {
    const { image } = target
    if (this.#backoffs.get(image)?.isWaiting) return false
    return this.#order(orderFor(target), (end) => {
      if (end.kind === 'there') this.#backoffs.get(image)?.succeeded()
      if (end.kind === 'failed') this.#leaveAlone(image, end.error)
    })
  }

  #leaveAlone(image: string, error: unknown): void {
    if (this.#unsubscribe === undefined || !this.#targets.some((target) => target.image === image)) return
    const backoff = this.#backoffs.get(image) ?? new Backoff({ clock: this.#clock, firstMs: this.#retryMs })
    this.#backoffs.set(image, backoff)
    const wait = backoff.failed(() => this.refill())
    if (wait) this.#log.warn('warm stem cells cannot be made, another try follows', { image, ...wait, error })
  }

  /** Not at once: the pool tells the images what it does while it does it, and that may be why they call. */
  #lookSoon(): void {
    if (this.#isLookDue) return
    this.#isLookDue = true
    queueMicrotask(() => {
      this.#isLookDue = false
      if (this.#unsubscribe) this.#look()
    })
  }

  #look(): void {
    this.#targets = this.#images.stems()
    const { slots } = this.#host
    for (const slot of surplusStems(slots, this.#targets)) this.#host.remove(slot, 'nothing wants it any more')
    for (const target of this.#targets) this.#measureAnew(target)
    this.#forget()
    this.refill()
  }

  /** What a stem cell takes is known better with time. */
  #measureAnew(target: StemTarget): void {
    const { heldMb } = orderFor(target)
    for (const slot of stemsOf(target, this.#host.slots)) {
      if (slot.memoryMb === heldMb || this.#host.hold(slot, heldMb)) continue
      this.#host.remove(slot, 'it takes more memory than is free')
    }
  }

  #forget(): void {
    const wanted = new Set(this.#targets.map(({ image }) => image))
    for (const [image, backoff] of this.#backoffs) {
      if (wanted.has(image)) continue
      backoff.stop()
      this.#backoffs.delete(image)
    }
  }
}
