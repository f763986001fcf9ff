import type { SystemLimits } from '../../invoker/domain/limits.ts'
import { MiB } from '../../invoker/domain/size.ts'

/** OpenWhisk's defaults (protocol reference 4.3), with concurrency up to 10. */
export const systemLimits: SystemLimits = {
  timeout: { min: 100, max: 300_000, std: 60_000 },
  memory: { min: 128, max: 512, std: 256 },
  logs: { min: 0, max: 10, std: 10 },
  concurrency: { min: 1, max: 10, std: 1 },
  payloadBytes: MiB,
  truncationBytes: MiB,
  parameterBytes: MiB,
  codeBytes: 48 * MiB,
}
