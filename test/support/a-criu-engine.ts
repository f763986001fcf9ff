import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { CriuEngine } from '../../invoker/adapters/criu/criu-engine.ts'
import type { CriuEngineOptions } from '../../invoker/adapters/criu/options.ts'
import type { RuncFactory } from '../../invoker/adapters/runc/factory.ts'
import { type ImageRecipe, imageFormat } from '../../invoker/domain/dependency-image.ts'
import { type RuntimeLaunch, runtimesTarget } from '../../invoker/domain/runtime-launch.ts'
import type { ContainerSpec } from '../../invoker/ports/containers.ts'
import { aLog } from './a-log.ts'
import { anInstance, aRuncFactory, kernel } from './factories.ts'

const root = resolve(import.meta.dirname, '../..')

/** Packages for Node.js that tests load as a runtime build's. */
export const npmPackages = join(import.meta.dirname, 'npm-packages')

/** Where `prepare` unpacks tools. */
export const toolsDirectory = process.env['WARMWHISK_TOOLS'] || join(root, '.warmwhisk', 'tools')

/** How our own Node.js runtime starts, with {@link npmPackages} as its layer. */
export const nodeLaunch: RuntimeLaunch = {
  kind: 'nodejs:20',
  command: [
    process.execPath,
    '--max-old-space-size={memoryMb/2}',
    '--max-semi-space-size={memoryMb/32}',
    `${runtimesTarget}/nodejs/main.cjs`,
  ],
  env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', HOME: '/tmp' },
  binds: [
    { source: join(root, 'runtimes'), target: runtimesTarget },
    { source: npmPackages, target: '/node_modules' },
  ],
}

/** A factory that was started, and an engine on it. Stop the engine, then the factory. */
export interface CriuParts {
  readonly factory: RuncFactory
  readonly engine: CriuEngine
  /** Where its images are. */
  readonly directory: string
  stop(): Promise<void>
}

/** Starts both. */
export async function aCriuEngine(more: Partial<CriuEngineOptions> = {}): Promise<CriuParts> {
  const instance = anInstance()
  const launchOf = (kind: string): RuntimeLaunch | undefined => (kind === 'nodejs:20' ? nodeLaunch : undefined)
  const factory = aRuncFactory({ instance, launchOf })
  await factory.start()
  const directory = join('/run/warmwhisk', instance, 'images')
  const engine = new CriuEngine({
    ...{ instance, launchOf, containers: factory, kernel, directory, toolsDirectory, log: aLog() },
    budgetBytes: 256 * 1024 * 1024,
    memoryMb: 256,
    ...more,
  })
  const stop = async (): Promise<void> => {
    await engine.stop()
    await factory.stop()
  }
  return { factory, engine, directory, stop }
}

/** How to build an image of packages of {@link npmPackages}; equal packages, equal id. */
export function aNodeRecipe(...modules: readonly string[]): ImageRecipe {
  const identity: ImageRecipe['identity'] = {
    kind: 'nodejs:20',
    runtimeBuild: 'build',
    distributions: [...modules].sort().map((name) => ({ name, version: '1.0', record: `${name} record` })),
    architecture: process.arch,
    cpu: 'cpu',
    engine: 'criu',
    format: imageFormat,
  }
  return {
    id: createHash('sha256').update(JSON.stringify(identity)).digest('hex'),
    identity,
    imports: modules.map((module) => ({ module, distribution: module, ms: 1 })),
  }
}

let counter = 0

/** A container's spec with a name of its own. */
export function aNodeSpec(more: Partial<ContainerSpec> = {}): ContainerSpec {
  counter += 1
  return {
    name: `wsktest_${process.pid}_${counter}_guest_node`,
    kind: 'nodejs:20',
    memoryMb: 256,
    cpuShares: 256,
    env: { __OW_API_HOST: 'http://here' },
    ...more,
  }
}
