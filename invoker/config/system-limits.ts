import type { SystemLimits } from '../domain/limits.ts'
import type { Values } from './table.ts'

/** The platform's limits in the shape that the core reads. */
export function systemLimits(limits: Values['limits']): SystemLimits {
  return {
    timeout: { min: limits.timeoutMinMs, max: limits.timeoutMaxMs, std: limits.timeoutStdMs },
    memory: { min: limits.memoryMinMb, max: limits.memoryMaxMb, std: limits.memoryStdMb },
    logs: { min: limits.logsMinMb, max: limits.logsMaxMb, std: limits.logsStdMb },
    concurrency: { min: limits.concurrencyMin, max: limits.concurrencyMax, std: limits.concurrencyStd },
    payloadBytes: limits.payloadBytes,
    truncationBytes: limits.truncationBytes,
    parameterBytes: limits.parameterBytes,
    codeBytes: limits.codeBytes,
  }
}
