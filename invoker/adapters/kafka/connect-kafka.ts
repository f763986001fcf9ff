import { connect as connectPlain } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type ISocketFactory, Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js'
import type { Log } from '../../ports/log.ts'
import { clientLog } from './client-log.ts'
import { stopIdleTimer } from './idle-timer.ts'

/** How to get at the brokers: TLS and SASL as kafkajs takes them (made by security.ts). */
export type Security = Pick<KafkaConfig, 'ssl' | 'sasl'>

/** What a client needs. */
export interface ConnectOptions {
  /** `host:port` of one broker or more. */
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly log: Log
  readonly security?: Security
}

/**
 * A kafkajs client without its faults: no timer on idle connections, no Nagle delay, its lines in our log. It opens no
 * connection yet. It tries little by itself; who calls it decides how long to go on (persist.ts).
 */
export function connectKafka({ brokers, clientId, log, security = {} }: ConnectOptions): Kafka {
  stopIdleTimer(RequestQueue)
  const write = clientLog(log)
  return new Kafka({
    brokers: [...brokers],
    clientId,
    ...security,
    connectionTimeout: 3000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 3 },
    socketFactory,
    logLevel: logLevel.WARN,
    logCreator: () => write,
  })
}

/** Requests are small and each waits for its answer: sent at once, not held back to fill a packet. */
const socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const servername = /^[\d.]+$|:/.test(host) ? {} : { servername: host }
  const socket = ssl
    ? connectTls({ host, port, ...servername, ...ssl }, onConnect)
    : connectPlain({ host, port }, onConnect)
  return socket.setKeepAlive(true, 60_000).setNoDelay(true)
}
