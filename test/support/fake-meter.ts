import type { Labels, Meter } from '../../invoker/ports/meter.ts'

/** Keeps what was counted, by name and labels. */
export class FakeMeter implements Meter {
  readonly counts = new Map<string, number>()
  readonly gauges = new Map<string, number>()
  readonly observed = new Map<string, number[]>()

  count(name: string, labels: Labels = {}, by = 1): void {
    const key = keyOf(name, labels)
    this.counts.set(key, (this.counts.get(key) ?? 0) + by)
  }

  gauge(name: string, value: number, labels: Labels = {}): void {
    this.gauges.set(keyOf(name, labels), value)
  }

  observe(name: string, value: number, labels: Labels = {}): void {
    const key = keyOf(name, labels)
    this.observed.set(key, [...(this.observed.get(key) ?? []), value])
  }
}

function keyOf(name: string, labels: Labels): string {
  const text = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  return text.length === 0 ? name : `${name}{${text.join(',')}}`
}
