import { ContainerPool } from '../../invoker/pool/pool.ts'
import type { PoolOptions, PoolSettings } from '../../invoker/pool/pool-options.ts'
import { aLog } from './a-log.ts'
import { aManifest } from './a-manifest.ts'
import { FakeClock } from './fake-clock.ts'
import { FakeContainers } from './fake-containers.ts'
import { FakeMeter } from './fake-meter.ts'

/** A pool of 1024 MB over containers that are only remembered, in a time that the test moves. */
export function aPool(
  parts: Partial<Omit<PoolOptions, 'settings'>> & {
    readonly settings?: Partial<PoolSettings>
    readonly containers?: FakeContainers
  } = {},
) {
  const { settings, containers = new FakeContainers(), ...others } = parts
  const clock = new FakeClock()
  const log = aLog()
  const meter = new FakeMeter()
  const pool = new ContainerPool({
    factory: containers,
    client: containers,
    manifest: aManifest(),
    instance: { instance: 0, userMemory: '1 GB', instanceType: 'invoker', tags: [], dedicatedNamespaces: [] },
    clock,
    log,
    meter,
    settings: {
      userMemoryMb: 1024,
      pauseGraceMs: 10_000,
      idleContainerMs: 600_000,
      containerEnv: { __OW_API_HOST: 'http://localhost:3233' },
      prewarm: {
        checkInitDelayMs: 1_000,
        checkIntervalMs: 1_000,
        checkVarianceMs: 0,
        expirationLimit: 100,
        parallel: 2,
        retryMs: 5_000,
      },
      ...settings,
    },
    ...others,
  })
  return { pool, containers, clock, log, meter }
}

/** Lets everything run that can run now. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
