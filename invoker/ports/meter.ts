/** Labels of a metric. */
export type Labels = Readonly<Record<string, string | number>>

/** Metrics. Names are OpenWhisk's where OpenWhisk has them; units end the name (`_seconds`, `_bytes`). */
export interface Meter {
  /** Adds to a counter. */
  count(name: string, labels?: Labels, by?: number): void
  /** Sets a gauge. */
  gauge(name: string, value: number, labels?: Labels): void
  /** Adds an observation to a histogram. */
  observe(name: string, value: number, labels?: Labels): void
}
