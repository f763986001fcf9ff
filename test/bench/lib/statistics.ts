/** A range of values: the interquartile range wherever the benchmarks report a spread. */
export interface Spread {
  readonly low: number
  readonly high: number
}

/**
 * The value below which the fraction `p` (0 to 1) of the sorted values lies, interpolated between neighbours.
 * @throws RangeError when there is no value: a benchmark without samples must not report 0.
 */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * p
  const below = sorted[Math.floor(at)]
  const above = sorted[Math.ceil(at)]
  if (below === undefined || above === undefined) throw new RangeError('Cannot take a percentile: there is no sample')
  return below + (above - below) * (at - Math.floor(at))
}

/** The middle value, or the mean of the two middle ones. @throws RangeError when there is no value. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** The interquartile range. @throws RangeError when there is no value. */
export function spread(values: readonly number[]): Spread {
  return { low: percentile(values, 0.25), high: percentile(values, 0.75) }
}

/** The arithmetic mean. @throws RangeError when there is no value. */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('Cannot take a mean: there is no sample')
  return values.reduce((total, value) => total + value, 0) / values.length
}
