import { closeSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { launchFor, type RuntimeLaunch } from '../../domain/runtime-launch.ts'
import type { ContainerSpec } from '../../ports/containers.ts'
import type { ListeningSocket } from '../../ports/kernel.ts'
import { RuncContainer } from './container.ts'
import { containerConfig, processConfig, workDir } from './container-config.ts'
import type { NetworkLease } from './network/network.ts'
import type { RuncOptions } from './options.ts'
import type { Places } from './places.ts'
import type { RuncCli } from './runc-cli.ts'

/** What starting a container needs beside its spec. */
export interface StartParts {
  readonly options: RuncOptions
  readonly places: Places
  readonly runc: RuncCli
  readonly hostBinds: RuntimeLaunch['binds']
  readonly takeLease: () => Promise<NetworkLease>
  readonly onGone: (container: RuncContainer) => void
}

/** What one start has taken so far, and must give back when it fails. */
interface Taken {
  readonly bundle: string
  readonly socket: ListeningSocket
  readonly lease: NetworkLease
}

/** Hostname of a container: its name, as far as a hostname may look like that. */
function hostnameOf(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 63)
}

/**
 * Makes one container and starts its runtime; its socket is bound before, so that a request waits and never fails.
 * @throws Error when a step fails; nothing is left then.
 */
export async function startContainer(
  request: { readonly spec: ContainerSpec; readonly launch: RuntimeLaunch; readonly number: number },
  parts: StartParts & { readonly signal: AbortSignal },
): Promise<RuncContainer> {
  const { spec } = request
  const bundle = join(parts.places.bundles, spec.name)
  const lease = await parts.takeLease()
  const socket = parts.options.kernel.listen(join(parts.places.sockets, `${request.number}`))
  const taken = { bundle, socket, lease }
  try {
    await writeBundle(request, { ...parts, ...taken })
    return await startProcesses(spec, { ...parts, ...taken })
  } catch (error) {
    await giveBack(spec.name, { ...parts, ...taken })
    throw error
  }
}

async function writeBundle(
  { spec, launch }: { readonly spec: ContainerSpec; readonly launch: RuntimeLaunch },
  { options, places, hostBinds, bundle, lease }: StartParts & Taken,
): Promise<void> {
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
    env: { ...launch.env, ...spec.env, WARMWHISK_LISTEN_FD: '3' },
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

async function startProcesses(
  spec: ContainerSpec,
  { options, runc, signal, onGone, bundle, socket, lease }: StartParts & Taken & { readonly signal: AbortSignal },
): Promise<RuncContainer> {
  const { kernel, log } = options
  const initPid = await runc.run(spec.name, { bundle, signal })
  const init = { pid: initPid, ended: kernel.ended(initPid) }
  signal.throwIfAborted()
  const stdout = kernel.pipe()
  const stderr = kernel.pipe()
  const logs = options.openLogs({ stdout: reader(stdout.readFd), stderr: reader(stderr.readFd) })
  let runtimePid: number
  try {
    runtimePid = await runc.exec(spec.name, { bundle, signal, stdio: [stdout.writeFd, stderr.writeFd, socket.fd] })
  } finally {
    // Only the container's processes hold these from here on, so that their end is the end of the streams.
    closeSync(stdout.writeFd)
    closeSync(stderr.writeFd)
    socket.release()
  }
  const runtime = { pid: runtimePid, ended: kernel.ended(runtimePid) }
  signal.throwIfAborted()
  const cgroup = kernel.controlGroup(initPid)
  const container: RuncContainer = new RuncContainer({
    spec,
    bundle,
    socket,
    lease,
    logs,
    cgroup,
    init,
    runtime,
    runc,
    log,
    onGone: () => onGone(container),
  })
  return container
}

function reader(fd: number): Socket {
  return new Socket({ fd, readable: true, writable: false })
}

/** Undoes a start that failed. Not by runc: one that was killed half-way does not know what it has made. */
async function giveBack(name: string, { options, places, bundle, socket, lease }: StartParts & Taken): Promise<void> {
  const { kernel, log } = options
  await kernel.removeControlGroups(`${places.cgroup}/${name}`).catch((error: unknown) => {
    log.error('container of a failed start not removed', { container: name, error })
  })
  socket.close()
  for (const folder of [join(places.runc, name), bundle]) await rm(folder, { recursive: true, force: true })
  await lease.release()
}
