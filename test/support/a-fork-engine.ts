import { join, resolve } from 'node:path'
import { ForkEngine } from '../../invoker/adapters/fork/fork-engine.ts'
import type { RuncFactory } from '../../invoker/adapters/runc/factory.ts'
import type { RuncOptions } from '../../invoker/adapters/runc/options.ts'
import { type RuntimeLaunch, runtimesTarget } from '../../invoker/domain/runtime-launch.ts'
import type { ContainerSpec } from '../../invoker/ports/containers.ts'
import type { BuildLimits } from '../../invoker/ports/image-engine.ts'
import { anInstance, aRuncFactory, kernel } from './factories.ts'

const root = resolve(import.meta.dirname, '../..')

/** How our own Python runtime starts, with the modules of `image-modules/` for it to import. */
export const pythonLaunch: RuntimeLaunch = {
  kind: 'python:3',
  command: ['/usr/bin/python3', '-s', '-B', `${runtimesTarget}/python/main.py`],
  env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', HOME: '/tmp', PYTHONPATH: '/opt/modules' },
  binds: [
    { source: join(root, 'runtimes'), target: runtimesTarget },
    { source: join(import.meta.dirname, 'image-modules'), target: '/opt/modules' },
  ],
}

/** A factory that was started, and an engine on it. Stop the engine, then the factory. */
export interface ForkParts {
  readonly instance: string
  readonly factory: RuncFactory
  readonly engine: ForkEngine
}

/** Starts both. */
export async function aForkEngine(
  more: Partial<RuncOptions> = {},
  { answerMs = 5000 }: { readonly answerMs?: number } = {},
): Promise<ForkParts> {
  const instance = anInstance()
  const launchOf = (kind: string): RuntimeLaunch | undefined => (kind === 'python:3' ? pythonLaunch : undefined)
  const factory = aRuncFactory({ instance, launchOf, ...more })
  await factory.start()
  const engine = new ForkEngine({ instance, launchOf, containers: factory, kernel, answerMs })
  return { instance, factory, engine }
}

/** Limits that a small image keeps well. */
export function buildLimits(more: Partial<BuildLimits> = {}): BuildLimits {
  return {
    signal: new AbortController().signal,
    timeoutMs: 30_000,
    memoryMb: 256,
    onProgress: () => undefined,
    ...more,
  }
}

let counter = 0

/** A container's spec with a name of its own. */
export function aPythonSpec(more: Partial<ContainerSpec> = {}): ContainerSpec {
  counter += 1
  return {
    name: `wsktest_${process.pid}_${counter}_guest_python`,
    kind: 'python:3',
    memoryMb: 256,
    cpuShares: 256,
    env: { __OW_API_HOST: 'http://here' },
    ...more,
  }
}
