import type { InvokerInstance } from '../domain/instance.ts'
import type { SystemLimits } from '../domain/limits.ts'
import type { Manifest } from '../domain/manifest.ts'
import type { PoolSettings } from '../pool/pool-options.ts'
import type { StartWay } from '../pool/start-ways.ts'
import type { ActionClient } from '../ports/action-client.ts'
import type { Clock } from '../ports/clock.ts'
import type { ContainerFactory } from '../ports/containers.ts'
import type { Images, ImportLearner } from '../ports/images.ts'
import type { Journal } from '../ports/journal.ts'
import type { Log } from '../ports/log.ts'
import type { Messaging } from '../ports/messaging.ts'
import type { Meter } from '../ports/meter.ts'
import type { ActionSource, NamespaceBlacklist } from './admission.ts'
import type { Unlock } from './arguments.ts'
import type { ActivationSink } from './record-keeper.ts'
import type { OnStep } from './steps.ts'
import type { StoreLevel } from './store-conditions.ts'

/** Settings of an invoker; {@link defaultSettings} holds OpenWhisk's defaults (protocol reference 4.3). */
export interface InvokerSettings extends PoolSettings {
  /** Prefix of all topics but the next one. */
  readonly topicPrefix: string
  readonly userEventsTopicPrefix: string
  /** Whether user events are sent. */
  readonly hasUserEvents: boolean
  /** How the topic `invoker<N>` is made where it is not there (1.2). */
  readonly invokerTopic: { readonly retentionMs: number; readonly maxMessageBytes: number; readonly partitions: number }
  /** Share of further messages taken for actions with concurrency (1.4). */
  readonly concurrentPeekFactor: number
  readonly storeBlockingResults: StoreLevel
  readonly storeNonBlockingResults: StoreLevel
  /** Logs go to a log driver: none are collected, acks are not split (6.6). */
  readonly areLogsOutOfBand: boolean
  /** After a kill, run again what had started: at least once instead of at most once. */
  readonly rerunStarted: boolean
  /** How often an activation moves to another container when its own is not fit. */
  readonly maxReschedules: number
  /** How long a stop waits for what runs. */
  readonly drainMs: number
}

/** What an {@link InvokerCore} is made of. */
export interface InvokerCoreOptions {
  readonly messaging: Messaging
  readonly actions: ActionSource
  readonly activations: ActivationSink
  readonly blacklist: NamespaceBlacklist
  readonly factory: ContainerFactory
  readonly actionClient: ActionClient
  readonly journal: Journal
  readonly manifest: Manifest
  readonly limits: SystemLimits
  readonly instance: InvokerInstance
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
  readonly settings: InvokerSettings
  /** Unlocks locked arguments; `Parameters.unlockValue` is one. */
  readonly unlock: Unlock
  /** Dependency images: containers are started from them, and activations that met /init say how they started. */
  readonly images?: Images
  /** Learns what unknown code imports; without it nothing is recorded. */
  readonly learner?: ImportLearner
  /** Ways to start a container; by default from images, where they are given, a stem cell, then a cold start. */
  readonly ways?: readonly StartWay[]
  /** Told of every step of every activation. */
  readonly onStep?: OnStep
}

const minute = 60_000

/** OpenWhisk's defaults. `containerEnv` is empty: who builds the invoker adds `__OW_API_HOST`. */
export const defaultSettings: InvokerSettings = {
  userMemoryMb: 1024,
  pauseGraceMs: 10_000,
  idleContainerMs: 10 * minute,
  prewarm: {
    checkInitDelayMs: 10 * minute,
    checkIntervalMs: 10 * minute,
    checkVarianceMs: 10_000,
    expirationLimit: 100,
    parallel: 2,
    retryMs: 5_000,
  },
  containerEnv: {},
  topicPrefix: '',
  userEventsTopicPrefix: '',
  hasUserEvents: false,
  invokerTopic: { retentionMs: 48 * 60 * minute, maxMessageBytes: 1_054_644, partitions: 1 },
  concurrentPeekFactor: 0.5,
  storeBlockingResults: 'STORE_ALWAYS',
  storeNonBlockingResults: 'STORE_ALWAYS',
  areLogsOutOfBand: false,
  rerunStarted: false,
  maxReschedules: 2,
  drainMs: 20_000,
}
