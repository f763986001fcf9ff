import type { InvokerInstance } from '../domain/instance.ts'
import type { Manifest } from '../domain/manifest.ts'
import type { ActionClient } from '../ports/action-client.ts'
import type { Clock } from '../ports/clock.ts'
import type { ContainerFactory } from '../ports/containers.ts'
import type { Images } from '../ports/images.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { IdleTimes } from './idle.ts'
import { restored, warmStemCell } from './image-ways.ts'
import type { PrewarmTimes } from './prewarmer.ts'
import { cold, prewarmed, type StartWay } from './start-ways.ts'

/** Numbers and words of a pool. */
export interface PoolSettings extends IdleTimes {
  /** Memory that all containers together may have. */
  readonly userMemoryMb: number
  readonly prewarm: PrewarmTimes
  /** Environment of every runtime process: `__OW_API_HOST` and what the operator adds. Never a secret of the invoker. */
  readonly containerEnv: Readonly<Record<string, string>>
}

/** What a pool is made of. */
export interface PoolOptions {
  readonly factory: ContainerFactory
  readonly client: ActionClient
  readonly manifest: Manifest
  readonly instance: InvokerInstance
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
  readonly settings: PoolSettings
  /** Dependency images, where containers are started from them. */
  readonly images?: Images
  /** Ways to start a container, best first; by default {@link startWays}. The last one must be able to start anything. */
  readonly ways?: readonly StartWay[]
}

/** The ways to start a container, best first (design, section 3); without images those of OpenWhisk. */
export function startWays({
  factory,
  images,
  settings,
}: Pick<PoolOptions, 'factory' | 'images' | 'settings'>): readonly StartWay[] {
  const fromImages = images ? [warmStemCell(settings), restored(images)] : []
  return [...fromImages, prewarmed(), cold(factory)]
}
