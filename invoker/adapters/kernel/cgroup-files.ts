import { existsSync } from 'node:fs'

/** Where control groups are mounted: by v1 controller name (`memory`, `freezer`, `name=systemd`…), and `''` for v2. */
export type CgroupMounts = ReadonlyMap<string, string>

/** Which sort of control groups a host has. Hybrid: v1 controllers, with v2 mounted beside them for tracking only. */
export type CgroupVersion = 'v1' | 'hybrid' | 'v2' | 'none'

/** Reads the mounts of control groups from `/proc/self/mountinfo` (proc(5)). */
export function readCgroupMounts(mountinfo: string): CgroupMounts {
  const mounts = new Map<string, string>()
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ')
    const target = left.split(' ')[4]
    const [type, , options = ''] = right.split(' ')
    if (target === undefined) continue
    if (type === 'cgroup2') mounts.set('', target)
    // The options of a v1 mount are its controllers and flags such as rw; flags name no controller, so they do no harm.
    if (type === 'cgroup') for (const controller of options.split(',')) mounts.set(controller, target)
  }
  return mounts
}

/** Tells the version from the mounts. */
export function cgroupVersion(mounts: CgroupMounts): CgroupVersion {
  const hasV2 = mounts.has('')
  if (mounts.has('memory') || mounts.has('pids')) return hasV2 ? 'hybrid' : 'v1'
  return hasV2 ? 'v2' : 'none'
}

/**
 * Tells what the groups can do. On v1, limits for swap are a boot option and then a file beside that of memory; v2 has them, and
 * kills by group, in every kernel that runs us.
 */
export function cgroupFeatures(
  mounts: CgroupMounts,
  exists: (path: string) => boolean = existsSync,
): { readonly limitSwap: boolean; readonly killGroup: boolean } {
  const memory = mounts.get('memory')
  if (memory === undefined) return { limitSwap: mounts.has(''), killGroup: mounts.has('') }
  return { limitSwap: exists(`${memory}/memory.memsw.limit_in_bytes`), killGroup: false }
}

/** Reads `/proc/PID/cgroup`: path by controller, `''` for v2. */
export function readMembership(text: string): ReadonlyMap<string, string> {
  const paths = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line)
    if (match) for (const controller of (match[1] ?? '').split(',')) paths.set(controller, match[2] ?? '/')
  }
  return paths
}

/** Reads one number of a file of `key value` lines (`memory.events`, `memory.oom_control`, `cgroup.events`); 0 when absent. */
export function readKey(text: string, key: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${key} `))
  return line === undefined ? 0 : Number(line.slice(key.length + 1)) || 0
}
