import type { Values } from './table.ts'

/** A rule between settings: the sentence is the problem when it does not hold. */
type Check = (values: Values) => string | false

const ordered =
  (what: 'timeout' | 'memory' | 'logs' | 'concurrency', unit: '' | 'Ms' | 'Mb'): Check =>
  ({ limits }) => {
    const of = limits as Readonly<Record<string, number>>
    const [min, std, max] = ['Min', 'Std', 'Max'].map((end) => of[`${what}${end}${unit}`] ?? 0) as [
      number,
      number,
      number,
    ]
    return (
      !(min <= std && std <= max) &&
      `limits.${what}: min ${min}, std ${std}, max ${max}: expected min, std and max in rising order`
    )
  }

const checks: readonly Check[] = [
  ordered('timeout', 'Ms'),
  ordered('memory', 'Mb'),
  ordered('logs', 'Mb'),
  ordered('concurrency', ''),
  ({ kafka }) =>
    kafka.heartbeatIntervalMs * 2 > kafka.sessionTimeoutMs &&
    `kafka.heartbeatIntervalMs: ${kafka.heartbeatIntervalMs} ms: expected at most half of kafka.sessionTimeoutMs (${kafka.sessionTimeoutMs} ms)`,
  ({ pool, limits }) =>
    pool.userMemoryMb < limits.memoryMinMb &&
    `pool.userMemoryMb: ${pool.userMemoryMb} MB: expected room for one container of limits.memoryMinMb (${limits.memoryMinMb} MB)`,
  ({ invoker }) =>
    invoker.protocol === 'https' &&
    invoker.keystorePath === undefined &&
    'invoker.keystorePath: not set: expected a PKCS12 file, since invoker.protocol is https',
  ({ parameterStorage: { current, aes128, aes256 } }) =>
    ((current === 'aes-128' && aes128 === undefined) || (current === 'aes-256' && aes256 === undefined)) &&
    `parameterStorage.${current.replace('-', '')}: not set: expected a key, since parameterStorage.current is ${current}`,
]

/** The rules between settings that do not hold, each as a sentence. */
export function problemsBetween(values: Values): readonly string[] {
  return checks.map((check) => check(values)).filter((problem) => problem !== false)
}
