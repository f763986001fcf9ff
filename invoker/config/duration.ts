const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  milli: 1,
  millis: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  secs: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  mins: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
}

/**
 * Reads a duration as OpenWhisk's configuration writes it (`10 minutes`, `60s`, `100 ms`; a bare number is milliseconds)
 * and gives milliseconds.
 * @throws SyntaxError when it is no duration.
 */
export function parseDuration(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text)
  const unit = unitMs[match?.[2]?.toLowerCase() || 'ms']
  if (!match || unit === undefined) {
    throw new SyntaxError('expected a number and a unit, such as "10 minutes", "60s" or "500 ms"')
  }
  return Math.round(Number(match[1]) * unit)
}
