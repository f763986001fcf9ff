import { type DestinationStream, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino'
import type { Log, LogFields } from '../../ports/log.ts'

/** Fields whose value is never written, wherever they stand in the first three levels of a line. */
const secrets = [
  'password',
  'authkey',
  'api_key',
  'authorization',
  'Authorization',
  'key',
  'lockedArgs',
  'keystorePassword',
]

/** How to write the log. */
export interface PinoLogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** What stands in every line, such as the invoker's name. */
  readonly fields?: LogFields
  /** Where lines go: standard output unless given. */
  readonly destination?: DestinationStream
}

/** A log of JSON lines: `time`, `level`, `event` and the fields. Values of secret fields are written as `(secret)`. */
export function pinoLog(options: PinoLogOptions): Log {
  const settings = {
    level: options.level,
    messageKey: 'event',
    base: options.fields ?? {},
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
    serializers: { error: stdSerializers.errWithCause },
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '(secret)' },
  }
  return new PinoLog(options.destination ? pino(settings, options.destination) : pino(settings))
}

class PinoLog implements Log {
  readonly #logger: Logger

  constructor(logger: Logger) {
    this.#logger = logger
  }

  debug(event: string, fields: LogFields = {}): void {
    this.#logger.debug(fields, event)
  }

  info(event: string, fields: LogFields = {}): void {
    this.#logger.info(fields, event)
  }

  warn(event: string, fields: LogFields = {}): void {
    this.#logger.warn(fields, event)
  }

  error(event: string, fields: LogFields = {}): void {
    this.#logger.error(fields, event)
  }

  child(fields: LogFields): Log {
    return new PinoLog(this.#logger.child(fields))
  }
}
