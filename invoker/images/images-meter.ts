import type { EngineName } from '../domain/dependency-image.ts'
import type { Meter } from '../ports/meter.ts'
import type { Departure } from './shelf/shelf.ts'

/** Why an action that had an image starts without. */
export type FallbackCause = 'gone' | 'stale' | 'breaker' | 'timeout' | 'engine' | 'container'

/** Counts what images do; their meaning is in adapters/telemetry/metrics.ts. */
export class ImagesMeter {
  readonly #meter: Meter

  constructor(meter: Meter) {
    this.#meter = meter
  }

  restored(engine: EngineName, ms: number): void {
    this.#meter.count('counter_images_restore_counter_total', { engine })
    this.#meter.observe('histogram_images_restore_finish_seconds', ms / 1000, { engine })
  }

  fellBack(cause: FallbackCause): void {
    this.#meter.count('counter_images_fallback_counter_total', { cause })
  }

  /** An action started: with an image, without although it imports packages, or it needs none. */
  started(outcome: 'hit' | 'miss' | 'none'): void {
    this.#meter.count('counter_images_start_counter_total', { outcome })
  }

  built(engine: EngineName, ms: number): void {
    this.#meter.count('counter_images_build_counter_total', { engine, outcome: 'built' })
    this.#meter.observe('histogram_images_build_finish_seconds', ms / 1000, { engine })
  }

  notBuilt(engine: EngineName, outcome: 'failed' | 'unsuitable'): void {
    this.#meter.count('counter_images_build_counter_total', { engine, outcome })
  }

  departed(departure: Departure): void {
    this.#meter.count('counter_images_eviction_counter_total', { cause: departure })
  }

  learned(outcome: 'profile' | 'unreadable'): void {
    this.#meter.count('counter_images_learn_counter_total', { outcome })
  }

  live(images: number, bytes: number): void {
    this.#meter.gauge('gauge_images_liveCount_counter', images)
    this.#meter.gauge('gauge_images_liveSize_counter_bytes', bytes)
  }

  stemsWanted(count: number): void {
    this.#meter.gauge('gauge_images_stemCellsWanted_counter', count)
  }
}
