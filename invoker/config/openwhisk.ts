/** A configuration key and what an OpenWhisk deployment sets it to, with the variable that says so. */
export interface Given {
  readonly variable: string
  readonly value: string
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * What a deployment's `CONFIG_…` variables set, by key: `_` becomes `.`, camelCase becomes kebab-case, parts that start with a
 * capital stay; `$NAME` stands for another variable's value, unless that is empty; empty values are skipped (protocol reference 4.2).
 */
export function transformEnvironment(env: Environment): ReadonlyMap<string, Given> {
  const keys = new Map<string, Given>()
  for (const [variable, written] of Object.entries(env)) {
    if (!variable.startsWith('CONFIG_')) continue
    const value = (written?.startsWith('$') && env[written.slice(1)]) || written
    if (value) keys.set(keyOf(variable.slice('CONFIG_'.length)), { variable, value })
  }
  return keys
}

function keyOf(name: string): string {
  return name
    .split('_')
    .filter((part) => part !== '')
    .map((part) =>
      /^[A-Z]/.test(part) ? part : part.replace(/([a-z0-9])([A-Z])/g, (_, a, b) => `${a}-${b.toLowerCase()}`),
    )
    .join('.')
}

/** Variables that carry a whole configuration or options of the JVM: an invoker without a JVM does not read them (4.2). */
export const unread = ['OPENWHISK_CONFIG', 'OPENWHISK_ENCODED_CONFIG', 'JAVA_OPTS', 'INVOKER_OPTS'] as const

/** Plain variables of OpenWhisk that have no counterpart here. */
export const plainWithoutCounterpart = [
  'ZOOKEEPER_HOSTS',
  'METRICS_KAMON',
  'METRICS_KAMON_TAGS',
  'METRICS_LOG',
  'CONTROLLER_INSTANCES',
] as const

/** Parts of OpenWhisk's configuration that an invoker of ours does not have: a setting below them is accepted and does nothing. */
const withoutCounterpart = [
  'akka',
  'kamon',
  'logback',
  'pekko',
  'whisk.activation.disable-store-result',
  'whisk.activation.unstored-logs-enabled',
  'whisk.apache-client',
  'whisk.cluster',
  'whisk.container-factory.container-args.extra-args',
  'whisk.container-factory.container-args.network',
  'whisk.container-factory.runtimes-registry',
  'whisk.container-factory.user-images-registry',
  'whisk.container-pool.akka-client',
  'whisk.container-pool.batch-deletion-size',
  'whisk.container-pool.memory-sync-interval',
  'whisk.container-pool.pekko-client',
  'whisk.container-pool.prewarm-max-retry-limit',
  'whisk.container-pool.prewarm-promotion',
  'whisk.container-proxy.action-health-check',
  'whisk.container-pool.user-cpus',
  'whisk.container-proxy.log-activation-errors',
  'whisk.container-proxy.timeouts.keeping-duration',
  'whisk.couchdb.provider',
  'whisk.controller',
  'whisk.docker',
  'whisk.etcd',
  'whisk.feature-flags',
  'whisk.helm',
  'whisk.invoker.https',
  'whisk.kafka.common',
  'whisk.kafka.consumer',
  'whisk.kafka.producer',
  'whisk.kafka.topics',
  'whisk.kubernetes',
  'whisk.loadbalancer',
  'whisk.logstore',
  'whisk.metrics',
  'whisk.namespace-default-limit',
  'whisk.query-limit',
  'whisk.runc',
  'whisk.runtime.delete',
  'whisk.runtimes',
  'whisk.scheduler',
  'whisk.shared-packages-execute-only',
  'whisk.spi',
  'whisk.swagger-ui',
  'whisk.tracing',
  'whisk.transactions',
  'whisk.version',
] as const

/** Whether OpenWhisk knows a part of its configuration by this name that an invoker of ours does not have. */
export function hasNoCounterpart(key: string): boolean {
  return withoutCounterpart.some((part) => key === part || key.startsWith(`${part}.`))
}
