import { aKafkaMessaging } from './kafka-messaging.ts'

/** A program that joins a group with OpenWhisk's session timeout and stays: to be killed by a test. */
const [hosts = '', topic = '', membershipDirectory = ''] = process.argv.slice(2)
const messaging = aKafkaMessaging(hosts, { membershipDirectory, sessionTimeoutMs: 30_000, heartbeatIntervalMs: 10_000 })
const options = { topic, group: topic, maxInFlight: 1, from: 'earliest' } as const
await messaging.subscribe(options, () => new Promise(() => console.log('taken')))
setInterval(() => undefined, 1000)
