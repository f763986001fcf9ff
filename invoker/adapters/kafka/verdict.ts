import { Fault } from '../../faults/fault.ts'

/** What an error of kafkajs means for who called. */
export type Verdict = 'outage' | 'no-topic' | 'too-large' | 'refused'

interface ClientError {
  readonly name?: string
  readonly type?: string
  readonly code?: string
  readonly retriable?: boolean
  readonly message?: string
  readonly cause?: unknown
}

/** The error that the retries of kafkajs wrapped. */
function origin(error: unknown): ClientError {
  let inner = error as ClientError
  while (inner.cause instanceof Error) inner = inner.cause as ClientError
  return inner
}

/** Sorts an error of kafkajs: an outage passes, the others do not. */
export function verdictOf(error: unknown): Verdict {
  const { name, type, retriable } = origin(error)
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'INVALID_TOPIC_EXCEPTION') return 'no-topic'
  if (type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE') return 'too-large'
  if (retriable === true || name?.startsWith('KafkaJSConnection') || name === 'KafkaJSRequestTimeoutError')
    return 'outage'
  return 'refused'
}

const codes = {
  outage: 'MESSAGING_UNAVAILABLE',
  'no-topic': 'MESSAGING_REFUSED',
  'too-large': 'MESSAGE_TOO_LARGE',
  refused: 'MESSAGING_REFUSED',
} as const satisfies Record<Verdict, string>

/** The fault for an error of kafkajs. */
export function toFault(attempt: string, error: unknown): Fault {
  if (error instanceof Fault) return error
  return new Fault(codes[verdictOf(error)], `${attempt}: ${origin(error).message ?? String(error)}`, { cause: error })
}
