import { systemClock } from '../adapters/clock/system-clock.ts'
import { pinoLog } from '../adapters/telemetry/pino-log.ts'
import { PromMeter } from '../adapters/telemetry/prom-meter.ts'
import type { Config } from '../config/read-config.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'

/** Time, log and metrics of one process. */
export interface Telemetry {
  readonly clock: Clock
  readonly log: Log
  readonly meter: PromMeter
}

/** Opens the log and the metrics, and writes the notes of the configuration. `name` stands in every line. */
export function openTelemetry(config: Config, name: string): Telemetry {
  const log = pinoLog({ level: config.log.level, fields: { invoker: name } })
  for (const note of config.notes) log.warn(note)
  return { clock: systemClock, log, meter: new PromMeter({ log, withProcess: true }) }
}
