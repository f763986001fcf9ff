import type { ActionLimits, Range, SystemLimits, UserLimits } from '../../invoker/domain/limits.ts'
import { parseSize } from '../../invoker/domain/size.ts'
import { RestError } from './rest-error.ts'
import type { ThrottleLimits } from './throttle.ts'

interface Bounds {
  readonly min: number
  readonly max: number
}

/** The bounds of each limit for a namespace: the user's, never wider than the system's (protocol reference 2.4). */
function boundsOf(
  user: UserLimits,
  system: SystemLimits,
): Readonly<Record<'memory' | 'logs' | 'timeout' | 'concurrency', Bounds>> {
  const within = (range: Range, min: number | undefined, max: number | undefined): Bounds => ({
    min: Math.max(min ?? range.min, range.min),
    max: Math.min(max ?? range.max, range.max),
  })
  return {
    memory: within(system.memory, user.minActionMemory, user.maxActionMemory),
    logs: within(system.logs, user.minActionLogs, user.maxActionLogs),
    timeout: within(system.timeout, user.minActionTimeout, user.maxActionTimeout),
    concurrency: within(system.concurrency, user.minActionConcurrency, user.maxActionConcurrency),
  }
}

/** How a value of each limit is written in an error (6.5). */
const shown = [
  ['memory', (value: number) => `memory size ${value} MB`, (bound: number) => `${bound} MB`],
  ['logs', (value: number) => `log size ${value} MB`, (bound: number) => `${bound} MB`],
  ['timeout', (value: number) => `duration ${value} milliseconds`, (bound: number) => `${bound} milliseconds`],
  ['concurrency', (value: number) => `concurrency ${value}`, (bound: number) => `${bound}`],
] as const

/** Judges the limits that a request sets. @throws RestError 400 with the texts of 6.5. */
export function checkLimits(
  limits: Partial<ActionLimits>,
  {
    user,
    system,
    throttles,
  }: { readonly user: UserLimits; readonly system: SystemLimits; readonly throttles: ThrottleLimits },
): void {
  const bounds = boundsOf(user, system)
  for (const [limit, asValue, asBound] of shown) {
    const value = limits[limit]
    const { min, max } = bounds[limit]
    if (value === undefined || (value >= min && value <= max)) continue
    const verdict =
      value > max ? `exceeds allowed threshold of ${asBound(max)}` : `below allowed threshold of ${asBound(min)}`
    throw new RestError(400, `requirement failed: ${asValue(value)} ${verdict}`)
  }
  const atOnce = user.concurrentInvocations ?? throttles.concurrentInvocations
  if ((limits.instances ?? 0) > atOnce) {
    throw new RestError(400, `max action instance concurrency must not exceed your namespace concurrency of ${atOnce}.`)
  }
}

/** Limits of an action that asks for none. */
export function standardLimits({ timeout, memory, logs, concurrency }: SystemLimits): ActionLimits {
  return { timeout: timeout.std, memory: memory.std, logs: logs.std, concurrency: concurrency.std }
}

/** A size limit of the user in bytes, never above the system's. */
export function userBytes(size: string | undefined, systemBytes: number): number {
  return size === undefined ? systemBytes : Math.min(parseSize(size), systemBytes)
}

/** What `GET …/limits` answers: the user's limits, and what holds where there are none (8.3). */
export function effectiveLimits(
  user: UserLimits,
  { system, throttles }: { readonly system: SystemLimits; readonly throttles: ThrottleLimits },
): UserLimits {
  const { memory, logs, timeout, concurrency } = boundsOf(user, system)
  const concurrentInvocations = user.concurrentInvocations ?? throttles.concurrentInvocations
  return {
    ...user,
    invocationsPerMinute: user.invocationsPerMinute ?? throttles.invocationsPerMinute,
    concurrentInvocations,
    firesPerMinute: user.firesPerMinute ?? throttles.firesPerMinute,
    minActionMemory: memory.min,
    maxActionMemory: memory.max,
    minActionLogs: logs.min,
    maxActionLogs: logs.max,
    minActionTimeout: timeout.min,
    maxActionTimeout: timeout.max,
    minActionConcurrency: concurrency.min,
    maxActionConcurrency: concurrency.max,
    maxParameterSize: `${userBytes(user.maxParameterSize, system.parameterBytes)} B`,
    maxActionInstances: concurrentInvocations,
  }
}
