import { rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { RuntimeLaunch } from '../../domain/runtime-launch.ts'
import type { ContainerSpec } from '../../ports/containers.ts'
import type { ListeningSocket } from '../../ports/kernel.ts'
import { environmentOf, writeBundle } from './bundle.ts'
import { RuncEmptyContainer } from './empty-container.ts'
import type { NetworkLease } from './network/network.ts'
import type { RuncOptions } from './options.ts'
import type { Places } from './places.ts'
import type { RuncCli } from './runc-cli.ts'

/** What a factory must remove when it stops. */
export interface Destroyable {
  destroy(): Promise<void>
}

/** What making a container needs beside its spec. */
export interface MakeParts {
  readonly options: RuncOptions
  readonly places: Places
  readonly runc: RuncCli
  readonly hostBinds: RuntimeLaunch['binds']
  readonly takeLease: () => Promise<NetworkLease>
  readonly seccomp: () => Buffer | undefined
  /** Called when there is a container to destroy. */
  readonly onMade: (made: Destroyable) => void
  readonly onGone: (made: Destroyable) => void
}

/** What one container is made for; `number` tells its socket from all others. */
export interface MakeRequest {
  readonly spec: ContainerSpec
  readonly launch: RuntimeLaunch
  readonly number: number
}

/** What making one has taken so far, and must give back when it fails. */
export interface Taken {
  readonly bundle: string
  readonly socket: ListeningSocket
  readonly lease: NetworkLease
}

/**
 * Makes a container in which no runtime runs yet; its socket is bound, so that a request waits and never fails.
 * @throws Error when a step fails; nothing is left then.
 */
export async function makeEmpty(
  request: MakeRequest,
  parts: MakeParts & { readonly signal: AbortSignal },
): Promise<RuncEmptyContainer> {
  const { spec, launch } = request
  const bundle = join(parts.places.bundles, spec.name)
  const lease = await parts.takeLease()
  const socket = parts.options.kernel.listen(join(parts.places.sockets, `${request.number}`))
  const taken = { bundle, socket, lease }
  try {
    await writeBundle({ spec, launch }, { ...parts, ...taken })
    return await startInit(request, { ...parts, ...taken })
  } catch (error) {
    await giveBack(spec.name, { ...parts, ...taken })
    throw error
  }
}

async function startInit(
  { spec, launch }: MakeRequest,
  parts: MakeParts & Taken & { readonly signal: AbortSignal },
): Promise<RuncEmptyContainer> {
  const { options, runc, signal, seccomp, onMade, onGone, bundle, socket, lease } = parts
  const { kernel, log } = options
  const initPid = await runc.run(spec.name, { bundle, signal })
  const init = { pid: initPid, ended: kernel.ended(initPid) }
  signal.throwIfAborted()
  const cgroup = kernel.controlGroup(initPid)
  const stdout = kernel.pipe()
  const stderr = kernel.pipe()
  const logs = options.openLogs({ stdout: reader(stdout.readFd), stderr: reader(stderr.readFd) })
  const streams = { stdout: stdout.writeFd, stderr: stderr.writeFd }
  const empty: RuncEmptyContainer = new RuncEmptyContainer({
    ...{ bundle, socket, lease, logs, cgroup, init, runc, log, streams },
    id: spec.name,
    purpose: { spec, env: environmentOf(launch, spec) },
    confinement: options.confinement,
    seccomp,
    onGone: () => onGone(empty),
  })
  onMade(empty)
  return empty
}

function reader(fd: number): Socket {
  return new Socket({ fd, readable: true, writable: false })
}

/** Undoes a start that failed. Not by runc: one that was killed half-way does not know what it has made. */
export async function giveBack(
  name: string,
  { options, places, bundle, socket, lease }: Pick<MakeParts, 'options' | 'places'> & Taken,
): Promise<void> {
  const { kernel, log } = options
  await kernel.removeControlGroups(`${places.cgroup}/${name}`).catch((error: unknown) => {
    log.error('container of a failed start not removed', { container: name, error })
  })
  socket.close()
  for (const folder of [join(places.runc, name), bundle]) await rm(folder, { recursive: true, force: true })
  await lease.release()
}
