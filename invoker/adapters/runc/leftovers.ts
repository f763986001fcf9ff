import { readdir, readFile, rm } from 'node:fs/promises'
import type { Kernel } from '../../ports/kernel.ts'
import type { GroupMoves } from './group-moves.ts'
import { command } from './network/command.ts'
import type { Forwarding } from './network/forwarding.ts'
import type { NetworkNames } from './network/names.ts'
import { removeHostNetwork } from './network/pooled-network.ts'
import type { Places } from './places.ts'

/** What an invoker may have left on this host. */
export interface Traces {
  readonly places: Places
  readonly names: NetworkNames
  readonly forwarding: Forwarding
  readonly groupMoves: GroupMoves
  readonly kernel: Kernel
}

/**
 * Removes everything that carries the name of one invoker: processes and control groups, network namespaces and rules, mounts,
 * files; and puts back what it had changed. Gives how many containers there were. Right after a stop there is nothing.
 * State of runc is in our own directory and goes with it: without processes and groups it is all that is left of a container.
 */
export async function removeTraces({ places, names, forwarding, groupMoves, kernel }: Traces): Promise<number> {
  const containers = await readdir(places.bundles).catch(() => [])
  await kernel.removeControlGroups(places.cgroup)
  const mounts = mountsBelow(await readFile('/proc/self/mountinfo', 'utf8'), places.home)
  if (mounts.length > 0) await command(['umount', '--lazy', ...mounts])
  await removeHostNetwork(names)
  await forwarding.release()
  await groupMoves.release()
  await rm(places.home, { recursive: true, force: true })
  return containers.length
}

/** Where something is mounted below a directory, the innermost first. `mountinfo` is in the form of proc(5). */
export function mountsBelow(mountinfo: string, folder: string): string[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((target) => target.startsWith(`${folder}/`))
    .reverse()
}
