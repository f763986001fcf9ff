import type { LogEntry } from 'kafkajs'
import type { Log } from '../../ports/log.ts'

/**
 * What kafkajs calls an error and is none of its own: what every start, stop and rebalance shows, and what outage.ts or the
 * subscription tells better.
 */
const ordinary =
  /coordinator is not available|rebalanc|re-joining|has been updated|connection|seed broker|^Crash|^Restarting|^Failed to send/i

/** Level numbers of kafkajs: 1 is an error, 2 a warning. */
const warning = 2

/**
 * Takes kafkajs' own lines: the first of each kind at `warn`, the same again and what is ordinary at `debug`. Numbers
 * do not make a kind. Whether the broker can be reached is told by outage.ts, not here.
 */
export function clientLog(log: Log): (entry: LogEntry) => void {
  const told = new Set<string>()
  return ({ namespace, level, log: { message, timestamp: _, stack: __, ...fields } }) => {
    const kind = `${namespace} ${message}`.replace(/\d+/g, '#')
    const isNews = level <= warning && !ordinary.test(`${message} ${fields.error ?? ''}`) && !told.has(kind)
    // Kinds come from texts in kafkajs, so that few exist; the bound is for what nobody foresaw.
    if (isNews && told.size < 200) told.add(kind)
    const facts = { ...fields, namespace, client: message }
    if (isNews) log.warn('kafka client says', facts)
    else log.debug('kafka client says', facts)
  }
}
