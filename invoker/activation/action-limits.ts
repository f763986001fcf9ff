import type { ActionLimits, Range, SystemLimits, UserLimits } from '../domain/limits.ts'
import { MiB, parseSize } from '../domain/size.ts'

/** The range that a user may use: what the namespace says, clamped to the system's (protocol reference 2.4). */
function allowed(system: Range, min: number | undefined, max: number | undefined): Range {
  return { ...system, min: Math.max(system.min, min ?? system.min), max: Math.min(system.max, max ?? system.max) }
}

/**
 * Why an action may not run in a namespace, in OpenWhisk's words (6.5), or undefined when it may (3.8, step 5).
 * Actions outlive the limits under which they were created.
 */
export function brokenLimit(action: ActionLimits, user: UserLimits, system: SystemLimits): string | undefined {
  return (
    outside(action.memory, allowed(system.memory, user.minActionMemory, user.maxActionMemory), {
      value: (n) => `memory size ${n} MB`,
      threshold: (n) => `${n} MB`,
    }) ??
    outside(action.logs, allowed(system.logs, user.minActionLogs, user.maxActionLogs), {
      value: (n) => `log size ${n} MB`,
      threshold: (n) => `${n} MB`,
    }) ??
    outside(action.timeout, allowed(system.timeout, user.minActionTimeout, user.maxActionTimeout), {
      value: (n) => `duration ${n} milliseconds`,
      threshold: (n) => `${n} milliseconds`,
    }) ??
    outside(action.concurrency, allowed(system.concurrency, user.minActionConcurrency, user.maxActionConcurrency), {
      value: (n) => `concurrency ${n}`,
      threshold: String,
    })
  )
}

function outside(
  value: number,
  { min, max }: Range,
  words: { value: (n: number) => string; threshold: (n: number) => string },
): string | undefined {
  if (value > max) return `${words.value(value)} exceeds allowed threshold of ${words.threshold(max)}`
  if (value < min) return `${words.value(value)} below allowed threshold of ${words.threshold(min)}`
  return undefined
}

/** How long an answer may be for a user, and what is kept of a longer one, in bytes: limits can only lower the system's (6.3). */
export function answerLimits(
  user: UserLimits,
  { payloadBytes, truncationBytes }: SystemLimits,
): { readonly maxBytes: number; readonly truncationBytes: number } {
  return {
    maxBytes: lower(payloadBytes, user.maxPayloadSize),
    truncationBytes: lower(truncationBytes, user.truncationSize),
  }
}

function lower(bytes: number, size: string | undefined): number {
  return size === undefined ? bytes : Math.min(bytes, parseSize(size))
}

/** The log limit of an action, in bytes. */
export function logLimitBytes({ logs }: ActionLimits): number {
  return logs * MiB
}
