import { setting } from './setting.ts'
import { durationMs, flag, hosts, sizeBytes, text, whole } from './types.ts'

/** The message broker (protocol reference 1). */
export const kafka = {
  hosts: setting(hosts, {
    default: '',
    says: 'Addresses of the brokers',
    openwhisk: ['KAFKA_HOSTS'],
    neededBy: 'invoker',
  }),
  topicPrefix: setting(text, {
    default: '',
    says: 'Stands before the name of every topic',
    openwhisk: ['whisk.kafka.topics.prefix'],
  }),
  userEventPrefix: setting(text, {
    default: '',
    says: 'Stands before the name of the topic of user events',
    openwhisk: ['whisk.kafka.topics.user-event.prefix'],
  }),
  replicationFactor: setting(whole(1, 32767), {
    default: '1',
    says: 'Replicas of a topic that the invoker creates',
    openwhisk: ['whisk.kafka.replication-factor'],
  }),
  invokerRetentionMs: setting(durationMs, {
    default: '48 hours',
    says: 'How long the topic of an invoker keeps a message',
    openwhisk: ['whisk.kafka.topics.invoker.retention-ms'],
  }),
  serdesOverheadBytes: setting(sizeBytes, {
    default: '6068 B',
    says: 'Room for what surrounds the payload: the largest message is this and the largest payload',
    openwhisk: ['whisk.activation.serdes-overhead'],
  }),
  sessionTimeoutMs: setting(durationMs, {
    default: '30s',
    says: 'After this time without a heartbeat the broker gives the topic to another consumer of the group',
    openwhisk: ['whisk.kafka.consumer.session-timeout-ms'],
  }),
  heartbeatIntervalMs: setting(durationMs, {
    default: '10s',
    says: 'Time between heartbeats',
    openwhisk: ['whisk.kafka.consumer.heartbeat-interval-ms'],
  }),
  fetchMaxWaitMs: setting(durationMs, {
    default: '500 ms',
    says: 'How long the broker may hold back an answer without messages',
    openwhisk: ['whisk.kafka.consumer.fetch-max-wait-ms'],
  }),
}

/** Events about activations, for monitoring and billing (2.8). */
export const userEvents = {
  isEnabled: setting(flag, {
    default: 'false',
    says: 'Send an event for each activation',
    openwhisk: ['whisk.user-events.enabled'],
  }),
}
