import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { launchFor, type RuntimeLaunch } from '../../domain/runtime-launch.ts'
import type { ContainerSpec } from '../../ports/containers.ts'
import { containerConfig, processConfig, workDir } from './container-config.ts'
import type { NetworkLease } from './network/network.ts'
import type { RuncOptions } from './options.ts'
import type { Places } from './places.ts'

/** Hostname of a container: its name, as far as a hostname may look like that. */
export function hostnameOf(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 63)
}

/** Environment of a runtime that is started, or restored, for a container. */
export function environmentOf(launch: RuntimeLaunch, spec: ContainerSpec): Record<string, string> {
  return { ...launch.env, ...spec.env }
}

/** Writes what runc reads to make a container and to start its runtime: `config.json`, `process.json`, the file `hosts`. */
export async function writeBundle(
  { spec, launch }: { readonly spec: ContainerSpec; readonly launch: RuntimeLaunch },
  parts: {
    readonly options: RuncOptions
    readonly places: Places
    readonly hostBinds: RuntimeLaunch['binds']
    readonly bundle: string
    readonly lease: NetworkLease
  },
): Promise<void> {
  const { options, places, hostBinds, bundle, lease } = parts
  const hostname = hostnameOf(spec.name)
  const config = containerConfig({
    spec,
    launch,
    confinement: options.confinement,
    seccomp: options.seccomp,
    cgroups: options.kernel.cgroups,
    hostBinds,
    rootfs: places.rootfs,
    bundle,
    netns: lease.netns,
    cgroup: `/${places.cgroup}/${spec.name}`,
    hostname,
  })
  const runtime = processConfig({
    args: launchFor(launch, spec.memoryMb).command,
    env: { ...environmentOf(launch, spec), WARMWHISK_LISTEN_FD: '3' },
    cwd: workDir,
    confinement: options.confinement,
  })
  await mkdir(bundle, { mode: 0o700 })
  await Promise.all([
    writeFile(join(bundle, 'config.json'), JSON.stringify(config)),
    // A file and not arguments: the environment of an action is not for everyone who can list processes.
    writeFile(join(bundle, 'process.json'), JSON.stringify(runtime), { mode: 0o600 }),
    writeFile(join(bundle, 'hosts'), `127.0.0.1 localhost\n${lease.address ?? '127.0.1.1'} ${hostname}\n`),
  ])
}
