import type { Clock } from '../ports/clock.ts'
import type { Images } from '../ports/images.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { Demand } from './demand.ts'
import { ImageStems } from './image-stems.ts'
import type { StemWish } from './prewarm.ts'
import { Prewarmer, type PrewarmTimes } from './prewarmer.ts'
import type { SlotView } from './slot-view.ts'
import type { PlaceOrder, StemEnd, StemHost, StemOrder } from './stem-order.ts'

/** The stem cells of a pool, those of the manifest and those of images: made in the background, a few at once, and only while no job waits. */
export class StemCells<S extends SlotView> {
  readonly #host: StemHost<S>
  readonly #parallel: number
  readonly #manifests: Prewarmer<S>
  readonly #images: ImageStems<S> | undefined
  #making = 0

  constructor(options: {
    readonly wishes: readonly StemWish[]
    readonly images: Pick<Images, 'stems' | 'onStems'> | undefined
    readonly times: PrewarmTimes
    readonly host: StemHost<S>
    readonly clock: Clock
    readonly log: Log
    readonly meter: Meter
  }) {
    const { images, times } = options
    this.#host = options.host
    this.#parallel = times.parallel
    const order: PlaceOrder = (wanted, onEnd) => this.#order(wanted, onEnd)
    this.#manifests = new Prewarmer({ ...options, order })
    this.#images = images && new ImageStems({ ...options, images, order, retryMs: times.retryMs })
  }

  /** Begins to fill up. */
  start(): void {
    this.#manifests.start()
    this.#images?.start()
  }

  stop(): void {
    this.#manifests.stop()
    this.#images?.stop()
  }

  /** An action found neither a warm container nor a stem cell nor an image. */
  coldStarted(demand: Demand): void {
    this.#manifests.coldStarted(demand)
  }

  /** Starts what is missing. The manifest's come first: they are few, and an operator asked for them. */
  refill(): void {
    this.#manifests.refill()
    this.#images?.refill()
  }

  #order(order: StemOrder, onEnd: (end: StemEnd) => void): boolean {
    if (this.#making >= this.#parallel || this.#host.hasWaiting) return false
    this.#making += 1
    const fits = this.#host.startStem(order, (end) => {
      this.#making -= 1
      onEnd(end)
      this.refill()
    })
    if (!fits) this.#making -= 1
    return fits
  }
}
