import { defaultSettings, type InvokerSettings } from '../activation/invoker-options.ts'
import type { Config } from '../config/read-config.ts'

/** The settings of the core out of the configuration. `containerEnv` is what every runtime process gets. */
export function invokerSettings(config: Config, containerEnv: Readonly<Record<string, string>>): InvokerSettings {
  const { pool, kafka, limits, activations, journal, drain, userEvents } = config
  return {
    ...defaultSettings,
    userMemoryMb: pool.userMemoryMb,
    pauseGraceMs: pool.pauseGraceMs,
    idleContainerMs: pool.idleContainerMs,
    prewarm: {
      ...defaultSettings.prewarm,
      checkInitDelayMs: pool.prewarmCheckDelayMs,
      checkIntervalMs: pool.prewarmCheckIntervalMs,
      checkVarianceMs: pool.prewarmCheckVarianceMs,
      expirationLimit: pool.prewarmExpirationLimit,
    },
    containerEnv,
    topicPrefix: kafka.topicPrefix,
    userEventsTopicPrefix: kafka.userEventPrefix,
    hasUserEvents: userEvents.isEnabled,
    invokerTopic: {
      retentionMs: kafka.invokerRetentionMs,
      maxMessageBytes: limits.payloadBytes + kafka.serdesOverheadBytes,
      partitions: 1,
    },
    concurrentPeekFactor: pool.peekFactor,
    storeBlockingResults: activations.storeBlockingResultLevel,
    storeNonBlockingResults: activations.storeNonBlockingResultLevel,
    rerunStarted: journal.atLeastOnce,
    drainMs: drain.graceMs,
  }
}

/** Environment of every container: the API host, and what the operator adds (`KEY=value`; a bare `KEY` takes ours). */
export function containerEnv(
  apiHost: string,
  options: { readonly extraEnv: readonly string[]; readonly env: Readonly<Record<string, string | undefined>> },
): Readonly<Record<string, string>> {
  const extra = options.extraEnv.flatMap((item): [string, string][] => {
    const at = item.indexOf('=')
    if (at > 0) return [[item.slice(0, at), item.slice(at + 1)]]
    const value = options.env[item]
    return value === undefined ? [] : [[item, value]]
  })
  return { __OW_API_HOST: apiHost, ...Object.fromEntries(extra) }
}
