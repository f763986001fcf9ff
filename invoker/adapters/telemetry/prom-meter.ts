import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Log } from '../../ports/log.ts'
import type { Labels, Meter } from '../../ports/meter.ts'
import { bucketsOf, meanings } from './metrics.ts'

/**
 * Metrics in Prometheus' text format. A metric exists from its first use on, with the labels of that use; one that is used
 * against its sort or with other labels is reported once and left out: counting never fails what is counted.
 */
export class PromMeter implements Meter {
  readonly #registry = new Registry()
  readonly #log: Log
  readonly #refused = new Set<string>()
  readonly #counters = new Map<string, Counter>()
  readonly #gauges = new Map<string, Gauge>()
  readonly #histograms = new Map<string, Histogram>()

  /** `withProcess` adds the metrics of the process itself: CPU, memory, event loop, garbage collection. */
  constructor(options: { readonly log: Log; readonly withProcess?: boolean }) {
    this.#log = options.log
    if (options.withProcess) collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: 50 })
  }

  /** The type of {@link text}. */
  get contentType(): string {
    return this.#registry.contentType
  }

  /** All metrics as text. */
  text(): Promise<string> {
    return this.#registry.metrics()
  }

  count(name: string, labels: Labels = {}, by = 1): void {
    this.#guarded(name, () => this.#use(this.#counters, Counter, { name, labels }).inc(labels, by))
  }

  gauge(name: string, value: number, labels: Labels = {}): void {
    this.#guarded(name, () => this.#use(this.#gauges, Gauge, { name, labels }).set(labels, value))
  }

  observe(name: string, value: number, labels: Labels = {}): void {
    this.#guarded(name, () => this.#use(this.#histograms, Histogram, { name, labels }).observe(labels, value))
  }

  #use<M>(known: Map<string, M>, Sort: SortOf<M>, metric: { name: string; labels: Labels }): M {
    const found = known.get(metric.name)
    if (found) return found
    const made = new Sort({
      name: metric.name,
      help: meanings[metric.name] ?? metric.name.replaceAll('_', ' '),
      labelNames: Object.keys(metric.labels),
      buckets: bucketsOf(metric.name),
      registers: [this.#registry],
    })
    known.set(metric.name, made)
    return made
  }

  #guarded(name: string, use: () => void): void {
    try {
      use()
    } catch (error) {
      // A wrong metric is a mistake of ours that must not fail an activation: it is reported, once for each name.
      if (this.#refused.has(name)) return
      this.#refused.add(name)
      this.#log.error('metric refused', { name, error })
    }
  }
}

/** What makes one sort of metric; only histograms read the buckets. */
type SortOf<M> = new (configuration: {
  name: string
  help: string
  labelNames: string[]
  buckets: number[]
  registers: Registry[]
}) => M
