import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { systemClock } from '../../../invoker/adapters/clock/system-clock.ts'
import { discoverHostRuntimes } from '../../../invoker/adapters/host-runtimes/host-runtimes.ts'
import { LinuxKernel } from '../../../invoker/adapters/kernel/linux.ts'
import { PipeLogs } from '../../../invoker/adapters/output/pipe-logs.ts'
import { RuncFactory } from '../../../invoker/adapters/runc/factory.ts'
import { defaultConfinement } from '../../../invoker/adapters/runc/options.ts'
import { parseManifest } from '../../../invoker/domain/manifest.ts'
import type { ContainerFactory } from '../../../invoker/ports/containers.ts'
import { stderrLog } from './stderr-log.ts'

/**
 * The product's factory of runc containers, started, for containers of the product's own kinds. They have no network,
 * which no run uses. Works in the root of the project, as root.
 */
export async function benchFactory(): Promise<ContainerFactory> {
  const manifest = parseManifest(await json('runtimes/runtimes.json'))
  const runtimes = await discoverHostRuntimes({ manifest, builds: manifest, runtimesFolder: resolve('runtimes') })
  const seccomp = (await json('deploy/seccomp/profile.json')) as Readonly<Record<string, object>>
  const factory = new RuncFactory({
    instance: `wskbench${process.pid}`,
    stateDir: '/run/warmwhisk',
    launchOf: (kind) => runtimes.launchOf(kind),
    seccomp: seccomp[process.arch] ?? {},
    confinement: defaultConfinement,
    network: undefined,
    parallelStarts: 1,
    kernel: new LinuxKernel(),
    openLogs: (pipes) => new PipeLogs({ ...pipes, clock: systemClock, maxBytes: 64 * 1024 }),
    log: stderrLog,
  })
  await factory.start()
  return factory
}

async function json(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'))
}
